package dev.sluice.cli.bench;

import dev.sluice.layer.Layer;
import dev.sluice.matrix.Matrix;
import java.util.List;

/**
 * Whole sequences through LSTM layers; a run is one batch.
 *
 * @param batch sequences, B
 * @param steps of each sequence, T
 */
public record InferenceWorkload(String id, int batch, int steps, LstmShape lstm)
    implements Workload {
  @Override
  public String description() {
    return "batch %d, T %d, LSTM %s".formatted(batch, steps, lstm);
  }

  @Override
  public List<Layer> layers() {
    return List.of(lstm.recurrent(0));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        batch == 1 ? Metric.time("us/sequence", 0.5, 1e3) : Metric.time("ms/batch", 0.5, 1e6));
  }

  /** The batch, time-major: (T·B, inputs). */
  public Matrix input() {
    return Workload.uniform(key("input"), steps * batch, lstm.inputs());
  }
}
