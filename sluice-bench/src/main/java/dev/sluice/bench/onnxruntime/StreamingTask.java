package dev.sluice.bench.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.matrix.Matrix;
import java.util.HashMap;
import java.util.Map;

/**
 * A stream: two sets of memory for the state take turns as input and output, so that no state is copied. Input and answer
 * are in Java's arrays, as a user has them.
 */
final class StreamingTask implements Task {
  /** A run from one set of states to the other. */
  private record Direction(
      Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, BoundTensor answer) {}

  private final OrtSession session;
  private final Matrix inputs;
  private final BoundTensor x;
  private final Direction[] directions = new Direction[2];
  private final float[] y;
  private int step;

  StreamingTask(StreamingWorkload workload, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.session = session;
    inputs = workload.input();
    x = BoundTensor.of(environment, 1, 1, inputs.cols);
    BoundTensor[][] states = new BoundTensor[2][2 * workload.lstm().depth()]; // h, c of each layer
    for (BoundTensor[] set : states) {
      for (int i = 0; i < set.length; i++) {
        set[i] = BoundTensor.of(environment, 1, 1, workload.lstm().hidden());
      }
    }
    boolean dense = workload.dense().isPresent();
    for (int i = 0; i < 2; i++) {
      BoundTensor[] before = states[i];
      BoundTensor[] after = states[1 - i];
      BoundTensor answer =
          dense
              ? BoundTensor.of(environment, 1, workload.outputs())
              : after[after.length - 2]; // h of the last layer
      directions[i] = new Direction(new HashMap<>(), new HashMap<>(), answer);
      directions[i].inputs.put("x", x.tensor());
      for (int part = 0; part < before.length; part++) {
        String name = (part % 2 == 0 ? "h" : "c") + part / 2;
        directions[i].inputs.put(name, before[part].tensor());
        directions[i].outputs.put(name + "_next", after[part].tensor());
      }
      if (dense) {
        directions[i].outputs.put("y", answer.tensor());
      }
    }
    y = new float[directions[0].answer.memory().capacity()];
  }

  @Override
  public void run() {
    Direction direction = directions[step % 2];
    x.memory().put(0, inputs.data, inputs.at(step % inputs.rows), inputs.cols);
    try {
      session.run(direction.inputs, direction.outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
    direction.answer.memory().get(0, y);
    step++;
  }

  @Override
  public float[] result() {
    return y.clone();
  }

  /** The tensors of the states are freed with the memory that they are in. */
  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
