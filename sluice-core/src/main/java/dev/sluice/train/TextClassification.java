package dev.sluice.train;

import dev.sluice.data.LabelledText;
import dev.sluice.data.TokenBatch;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.List;

/** Teaches a {@link TextClassifier} from labelled texts, and judges it. */
public final class TextClassification extends Classification {
  /** Texts as numbers: the tokens of each, and its label. */
  private record Texts(TextClassifier model, List<int[][]> sequences, int[] labels)
      implements Examples<Batch> {
    static Texts of(TextClassifier model, List<LabelledText> texts) {
      return new Texts(
          model,
          texts.stream().map(t -> model.encode(t.text())).toList(),
          texts.stream().mapToInt(t -> model.labels().id(t.label())).toArray());
    }

    @Override
    public int[] lengths() {
      return sequences.stream().mapToInt(s -> s[0].length).toArray();
    }

    @Override
    public Batch batch(int... indices) {
      TokenBatch tokens = TokenBatch.of(Arrays.stream(indices).mapToObj(sequences::get).toList());
      int[] targets = Arrays.stream(indices).map(i -> labels[i]).toArray();
      return new Batch(
          tape -> model.logits(tape, tokens), tokens.inPackedOrder(targets), indices.length);
    }
  }

  /**
   * Training of {@code model} on {@code training}, judged by {@code validation}.
   *
   * @param smoothing of the labels, see {@link CrossEntropy}; 0 for none
   * @param seed of the order of batches
   * @throws IllegalArgumentException when a label is not one of the model's
   */
  public TextClassification(
      TextClassifier model,
      List<LabelledText> training,
      List<LabelledText> validation,
      int batchSize,
      float smoothing,
      long seed) {
    super(
        model.parameters(),
        model.labels().size(),
        Texts.of(model, training),
        Texts.of(model, validation),
        batchSize,
        smoothing,
        seed);
  }

  /** How a model does on {@code texts}, whose labels are all known to it. */
  public static ConfusionMatrix evaluate(
      Tape tape, TextClassifier model, List<LabelledText> texts) {
    return evaluate(tape, model.labels().size(), Texts.of(model, texts));
  }
}
