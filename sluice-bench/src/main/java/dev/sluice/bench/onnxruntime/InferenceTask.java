package dev.sluice.bench.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.Task;
import java.util.Map;

/** Whole sequences, from bound input to bound output. */
final class InferenceTask implements Task {
  private final OrtSession session;
  private final BoundTensor x;
  private final BoundTensor y;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  InferenceTask(InferenceWorkload workload, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.session = session;
    x = BoundTensor.of(environment, workload.steps(), workload.batch(), workload.lstm().inputs());
    y = BoundTensor.of(environment, workload.steps(), workload.batch(), workload.lstm().outputs());
    x.memory().put(0, workload.input().toArray());
    inputs = Map.of("x", x.tensor());
    outputs = Map.of("y", y.tensor());
  }

  @Override
  public void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public float[] result() {
    float[] values = new float[y.memory().capacity()];
    y.memory().get(0, values);
    return values;
  }

  @Override
  public void close() {
    x.tensor().close();
    y.tensor().close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
