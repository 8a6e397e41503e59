package dev.sluice.train;

import dev.sluice.data.Batches;
import dev.sluice.data.LabelledText;
import dev.sluice.data.TokenBatch;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.TextClassifier;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Teaches a {@link TextClassifier} from labelled texts, and judges it. */
public final class TextClassification implements Objective {
  /** Texts, and steps of all texts, that are judged at a time: what memory they may take. */
  private static final int VALIDATION_BATCH = 256;

  private static final int VALIDATION_STEPS = 1 << 14;

  /** Texts as numbers: the tokens of each, and its label. */
  private record Examples(List<int[][]> sequences, int[] labels) {
    static Examples of(TextClassifier model, List<LabelledText> texts) {
      return new Examples(
          texts.stream().map(t -> model.encode(t.text())).toList(),
          texts.stream().mapToInt(t -> model.labels().id(t.label())).toArray());
    }

    int[] lengths() {
      return sequences.stream().mapToInt(s -> s[0].length).toArray();
    }

    Batch batch(int... indices) {
      TokenBatch tokens = TokenBatch.of(Arrays.stream(indices).mapToObj(sequences::get).toList());
      int[] targets = Arrays.stream(indices).map(i -> labels[i]).toArray();
      return new Batch(tokens, tokens.inPackedOrder(targets));
    }
  }

  private record Batch(TokenBatch tokens, int[] targets) {}

  private final TextClassifier model;
  private final Examples training;
  private final List<Batch> validation;
  private final int batchSize;
  private final float smoothing;
  private final RandomKey key;
  private List<Batch> epoch = List.of();

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
    this.model = model;
    this.training = Examples.of(model, training);
    this.validation = evaluationBatches(model, validation);
    this.batchSize = batchSize;
    this.smoothing = smoothing;
    this.key = RandomKey.of(seed).fold("batches");
  }

  @Override
  public Parameters parameters() {
    return model.parameters();
  }

  @Override
  public int beginEpoch(int number) {
    epoch =
        Arrays.stream(Batches.training(training.lengths(), batchSize, key, number))
            .map(training::batch)
            .toList();
    return epoch.size();
  }

  @Override
  public int batchSize(int batch) {
    return epoch.get(batch).targets.length;
  }

  @Override
  public Var loss(Tape tape, int batch) {
    Batch b = epoch.get(batch);
    return CrossEntropy.smoothed(model.logits(tape, b.tokens), smoothing, b.targets);
  }

  @Override
  public Score validate(Tape tape) {
    Judgement judgement = judge(tape, model, validation);
    return new Score(judgement.loss, Metric.ACCURACY, judgement.confusion.accuracy());
  }

  /** How a model does on {@code texts}, whose labels are all known to it. */
  public static ConfusionMatrix evaluate(
      Tape tape, TextClassifier model, List<LabelledText> texts) {
    return judge(tape, model, evaluationBatches(model, texts)).confusion;
  }

  private record Judgement(double loss, ConfusionMatrix confusion) {}

  private static Judgement judge(Tape tape, TextClassifier model, List<Batch> batches) {
    ConfusionMatrix confusion = new ConfusionMatrix(model.labels().size());
    double loss = 0;
    for (Batch batch : batches) {
      tape.reset(RandomKey.of(0));
      Var logits = model.logits(tape, batch.tokens);
      loss += CrossEntropy.mean(logits, batch.targets).value().get(0, 0) * batch.targets.length;
      for (int r = 0; r < batch.targets.length; r++) {
        confusion.add(batch.targets[r], logits.value().largestInRow(r));
      }
    }
    return new Judgement(loss / confusion.total(), confusion);
  }

  private static List<Batch> evaluationBatches(TextClassifier model, List<LabelledText> texts) {
    Examples examples = Examples.of(model, texts);
    List<Batch> batches = new ArrayList<>();
    int[] lengths = examples.lengths();
    for (int[] indices : Batches.evaluation(lengths, VALIDATION_BATCH, VALIDATION_STEPS)) {
      batches.add(examples.batch(indices));
    }
    return batches;
  }
}
