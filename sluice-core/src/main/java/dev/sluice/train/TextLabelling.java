package dev.sluice.train;

import dev.sluice.data.LabelSet;
import dev.sluice.data.LabelledText;
import dev.sluice.data.TokenBatch;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.List;

/** Teaches a {@link TextClassifier} with independent labels from texts that have any number of them. */
public final class TextLabelling extends MultiLabelClassification {
  /** Texts as numbers: the tokens of each, and its labels. */
  private record Texts(TextClassifier model, List<int[][]> sequences, List<int[]> labels)
      implements Examples<Batch> {
    static Texts of(TextClassifier model, List<LabelledText> texts) {
      return new Texts(
          model,
          texts.stream().map(t -> model.encode(t.text())).toList(),
          texts.stream()
              .map(t -> LabelSet.parse(t.label()).stream().mapToInt(model.labels()::id).toArray())
              .toList());
    }

    @Override
    public int[] lengths() {
      return sequences.stream().mapToInt(s -> s[0].length).toArray();
    }

    @Override
    public Batch batch(int... indices) {
      TokenBatch tokens = TokenBatch.of(Arrays.stream(indices).mapToObj(sequences::get).toList());
      Matrix targets = Matrix.zeros(indices.length, model.labels().size());
      int[] inOrder = tokens.inPackedOrder(indices);
      for (int b = 0; b < inOrder.length; b++) {
        for (int label : labels.get(inOrder[b])) {
          targets.set(b, label, 1);
        }
      }
      return new Batch(tape -> model.logits(tape, tokens), targets, indices.length);
    }
  }

  /**
   * Training of {@code model} on {@code training}, judged by {@code validation}.
   *
   * @param seed of the order of batches
   * @throws IllegalArgumentException when a label is not one of the model's
   */
  public TextLabelling(
      TextClassifier model,
      List<LabelledText> training,
      List<LabelledText> validation,
      int batchSize,
      long seed) {
    super(
        model.parameters(),
        Texts.of(model, training),
        Texts.of(model, validation),
        batchSize,
        seed,
        Metric.MICRO_F1);
  }

  /** How a model does on {@code texts}, whose labels are all known to it. */
  public static MultiLabelJudgement evaluate(
      Tape tape, TextClassifier model, List<LabelledText> texts) {
    return judge(tape, Texts.of(model, texts).toJudge());
  }
}
