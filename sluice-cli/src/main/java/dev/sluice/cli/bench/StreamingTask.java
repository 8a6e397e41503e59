package dev.sluice.cli.bench;

import dev.sluice.matrix.Matrix;
import dev.sluice.model.Precision;
import dev.sluice.model.Session;
import dev.sluice.model.StreamingModel;
import dev.sluice.tape.Backend;

/** Sluice's run of a {@link StreamingWorkload}: a session. */
final class StreamingTask implements Task {
  private final Backend backend;
  private final Session session;
  private final Matrix inputs;
  private final float[] y;
  private int step;

  StreamingTask(StreamingWorkload workload, Backend backend, Precision precision) {
    this.backend = backend;
    StreamingModel model =
        new StreamingModel(
            backend,
            workload.parameters(),
            workload.lstm().recurrent(0),
            workload.dense().stream().toList(),
            precision);
    session = model.open();
    inputs = workload.input();
    y = new float[model.outputSize()];
  }

  @Override
  public void run() {
    session.step(inputs.data, inputs.at(step++ % inputs.rows), y, 0);
  }

  @Override
  public float[] result() {
    return y.clone();
  }

  @Override
  public void close() {
    backend.close();
  }
}
