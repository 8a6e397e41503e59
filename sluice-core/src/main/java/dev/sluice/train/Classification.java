package dev.sluice.train;

import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Teaches a model to give one of several classes to each row of a batch, be it a sequence or a step of
 * one, and judges it. What the rows are is up to those that extend it.
 */
abstract class Classification implements Objective {
  /**
   * Some examples.
   *
   * @param logits how the model scores them on a tape, (rows, classes)
   * @param targets the class of each row
   * @param sequences how many there are
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, read by one thread, never compared
  record Batch(Function<Tape, Var> logits, int[] targets, int sequences) {}

  private final Parameters parameters;
  private final int classes;
  private final Examples<Batch> training;
  private final List<Batch> validation;
  private final Batch few;
  private final int batchSize;
  private final float smoothing;
  private final RandomKey key;
  private List<Batch> epoch = List.of();
  private Optional<Findings> findings = Optional.empty();

  Classification(
      Parameters parameters,
      int classes,
      Examples<Batch> training,
      Examples<Batch> validation,
      int batchSize,
      float smoothing,
      long seed) {
    this.parameters = parameters;
    this.classes = classes;
    this.training = training;
    this.validation = validation.toJudge();
    this.few = validation.few();
    this.batchSize = batchSize;
    this.smoothing = smoothing;
    this.key = RandomKey.of(seed).fold("batches");
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public int beginEpoch(int number) {
    epoch = training.toLearn(batchSize, key, number);
    return epoch.size();
  }

  @Override
  public int batchSize(int batch) {
    return epoch.get(batch).sequences;
  }

  @Override
  public Var loss(Tape tape, int batch) {
    Batch b = epoch.get(batch);
    return CrossEntropy.smoothed(b.logits.apply(tape), smoothing, b.targets);
  }

  @Override
  public Score validate(Tape tape) {
    Judgement judgement = judge(tape, classes, validation);
    findings = Optional.of(judgement.confusion);
    return new Score(judgement.loss, Metric.ACCURACY, judgement.confusion.accuracy());
  }

  @Override
  public Optional<Findings> findings() {
    return findings;
  }

  @Override
  public void glance(Tape tape) {
    Var _ = few.logits.apply(tape); // the watcher has seen it
  }

  /** How a model does on {@code examples}. */
  static ConfusionMatrix evaluate(Tape tape, int classes, Examples<Batch> examples) {
    return judge(tape, classes, examples.toJudge()).confusion;
  }

  private record Judgement(double loss, ConfusionMatrix confusion) {}

  private static Judgement judge(Tape tape, int classes, List<Batch> batches) {
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    double loss = 0;
    for (Batch batch : batches) {
      tape.reset(RandomKey.of(0));
      Var logits = batch.logits.apply(tape);
      loss += CrossEntropy.mean(logits, batch.targets).value().get(0, 0) * batch.targets.length;
      for (int r = 0; r < batch.targets.length; r++) {
        confusion.add(batch.targets[r], logits.value().largestInRow(r));
      }
    }
    return new Judgement(loss / confusion.total(), confusion);
  }
}
