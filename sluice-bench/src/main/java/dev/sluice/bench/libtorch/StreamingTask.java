package dev.sluice.bench.libtorch;

import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A stream in inference mode: copies a step's input from Java's array, advances the state, applies the dense layer and
 * copies the answer into an array. How the state advances is up to the subclass.
 */
abstract class StreamingTask implements Task {
  private final PointerScope memory = new PointerScope(); // owns what is made outside of a run
  private final InferenceMode mode = new InferenceMode(true);
  private final Matrix inputs;
  private final FloatBuffer xMemory;
  private final Tensor x;
  private final TensorVector dense; // weight and bias, or nothing
  private final float[] y;
  private int step;

  StreamingTask(StreamingWorkload workload, long... inputShape) {
    Parameters parameters = workload.parameters();
    inputs = workload.input();
    xMemory =
        ByteBuffer.allocateDirect(Float.BYTES * inputs.cols)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    x = torch.from_blob(new FloatPointer(xMemory), inputShape);
    dense = Tensors.of(parameters, "dense.");
    y = new float[workload.outputs() == 0 ? workload.lstm().hidden() : workload.outputs()];
  }

  /** Advances the state by one step; returns the output of the last layer, (1, H) or with more ones in front. */
  abstract Tensor advance(Tensor x);

  @Override
  public final void run() {
    xMemory.put(0, inputs.data, inputs.at(step++ % inputs.rows), inputs.cols);
    try (PointerScope _ = new PointerScope()) {
      Tensor h = advance(x);
      Tensors.read(dense.empty() ? h : torch.linear(h, dense.get(0), dense.get(1)), y);
    }
  }

  @Override
  public final float[] result() {
    return y.clone();
  }

  @Override
  public final void close() {
    mode.close();
    memory.close();
  }
}
