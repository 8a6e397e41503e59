package dev.sluice.train;

import dev.sluice.data.SetBatch;
import dev.sluice.model.SetPredictor;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.List;

/**
 * Teaches a {@link SetPredictor} from sequences of label sets, and judges it by the negative
 * log-likelihood of a step given those before it, in nats: the measure of the polyphonic music benchmarks
 * (Boulanger-Lewandowski et al. 2012; Bai, Kolter and Koltun 2018).
 */
public final class SetPrediction extends MultiLabelClassification {
  /** Sequences as numbers. */
  private record Sequences(SetPredictor model, List<int[][]> ids) implements Examples<Batch> {
    static Sequences of(SetPredictor model, List<List<List<String>>> sequences) {
      return new Sequences(model, sequences.stream().map(model::encode).toList());
    }

    @Override
    public int[] lengths() {
      return ids.stream().mapToInt(sequence -> sequence.length - 1).toArray();
    }

    @Override
    public Batch batch(int... indices) {
      SetBatch batch =
          SetBatch.of(Arrays.stream(indices).mapToObj(ids::get).toList(), model.labels().size());
      return new Batch(
          tape -> model.logits(tape, batch.packing(), batch.steps()), batch.next(), indices.length);
    }
  }

  /**
   * Training of {@code model} on {@code training}, judged by {@code validation}: sequences of at least
   * two steps of labels that the model knows.
   *
   * @param seed of the order of batches
   */
  public SetPrediction(
      SetPredictor model,
      List<List<List<String>>> training,
      List<List<List<String>>> validation,
      int batchSize,
      long seed) {
    super(
        model.parameters(),
        Sequences.of(model, training),
        Sequences.of(model, validation),
        batchSize,
        seed,
        Metric.LOSS);
  }

  /** How a model does on each step but the first of {@code sequences}. */
  public static MultiLabelJudgement evaluate(
      Tape tape, SetPredictor model, List<List<List<String>>> sequences) {
    return judge(tape, Sequences.of(model, sequences).toJudge());
  }
}
