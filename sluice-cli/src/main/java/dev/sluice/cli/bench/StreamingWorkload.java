package dev.sluice.cli.bench;

import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.matrix.Matrix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One stream through LSTM layers and, where it has outputs, a dense layer; a run is one step, from the state that the step
 * before left.
 *
 * @param outputs of the dense layer; 0 for none: the stream answers with the last layer's h
 */
public record StreamingWorkload(String id, LstmShape lstm, int outputs) implements Workload {
  /** Steps after which the inputs repeat. */
  private static final int INPUTS = 64;

  @Override
  public String description() {
    return "stream, LSTM %s%s".formatted(lstm, outputs == 0 ? "" : ", dense " + outputs);
  }

  /** The layer after the LSTM. */
  public Optional<Dense> dense() {
    return outputs == 0
        ? Optional.empty()
        : Optional.of(new Dense("dense", lstm.outputs(), outputs));
  }

  @Override
  public List<Layer> layers() {
    return Stream.<Layer>concat(Stream.of(lstm.recurrent(0)), dense().stream()).toList();
  }

  @Override
  public List<Metric> metrics() {
    return outputs == 0
        ? List.of(Metric.time("ns/step", 0.5, 1))
        : List.of(Metric.time("ns/step p50", 0.5, 1), Metric.time("ns/step p99", 0.99, 1));
  }

  /** The input of each step, again and again: (some steps, inputs). */
  public Matrix input() {
    return Workload.uniform(key("input"), INPUTS, lstm.inputs());
  }
}
