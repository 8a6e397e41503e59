package dev.sluice.train;

import dev.sluice.loss.BinaryCrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Teaches a model to give any number of labels to each row of a batch, be it a sequence or a step of
 * one, and judges it. The loss of a row is the sum over its labels: the negative log-likelihood of the
 * set, in nats. What the rows are is up to those that extend it; one label is for {@link Classification}.
 */
abstract class MultiLabelClassification implements Objective {
  /**
   * Some examples.
   *
   * @param logits how the model scores them on a tape, (rows, labels)
   * @param targets 1 where a label applies, 0 where not, (rows, labels)
   * @param sequences how many there are
   */
  record Batch(Function<Tape, Var> logits, Matrix targets, int sequences) {}

  private final Parameters parameters;
  private final Examples<Batch> training;
  private final List<Batch> validation;
  private final Batch few;
  private final int batchSize;
  private final RandomKey key;
  private final Metric metric;
  private List<Batch> epoch = List.of();
  private Optional<Findings> findings = Optional.empty();

  /** @param metric what decides which epoch is best: {@link Metric#MICRO_F1} or {@link Metric#LOSS} */
  MultiLabelClassification(
      Parameters parameters,
      Examples<Batch> training,
      Examples<Batch> validation,
      int batchSize,
      long seed,
      Metric metric) {
    this.parameters = parameters;
    this.training = training;
    this.validation = validation.toJudge();
    this.few = validation.few();
    this.batchSize = batchSize;
    this.key = RandomKey.of(seed).fold("batches");
    this.metric = metric;
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
    return loss(b.logits.apply(tape), b.targets);
  }

  @Override
  public Score validate(Tape tape) {
    MultiLabelJudgement judgement = judge(tape, validation);
    findings = Optional.of(judgement);
    double value = metric == Metric.MICRO_F1 ? judgement.counts().microF1() : judgement.loss();
    return new Score(judgement.loss(), metric, value);
  }

  @Override
  public Optional<Findings> findings() {
    return findings;
  }

  @Override
  public void glance(Tape tape) {
    Var _ = few.logits.apply(tape); // the watcher has seen it
  }

  static MultiLabelJudgement judge(Tape tape, List<Batch> batches) {
    LabelCounts counts = new LabelCounts(batches.getFirst().targets.cols);
    double loss = 0;
    for (Batch batch : batches) {
      tape.reset(RandomKey.of(0));
      Var logits = batch.logits.apply(tape);
      loss += (double) loss(logits, batch.targets).value().get(0, 0) * batch.targets.rows;
      for (int r = 0; r < batch.targets.rows; r++) {
        counts.add(positive(logits.value(), r), positive(batch.targets, r));
      }
    }
    return new MultiLabelJudgement(loss / counts.examples(), counts);
  }

  private static Var loss(Var logits, Matrix targets) {
    return BinaryCrossEntropy.mean(logits, targets).affine(targets.cols, 0);
  }

  private static boolean[] positive(Matrix m, int row) {
    boolean[] positive = new boolean[m.cols];
    for (int c = 0; c < m.cols; c++) {
      positive[c] = m.get(row, c) > 0;
    }
    return positive;
  }
}
