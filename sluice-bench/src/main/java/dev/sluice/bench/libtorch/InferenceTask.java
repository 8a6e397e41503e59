package dev.sluice.bench.libtorch;

import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What {@code nn.LSTM} calls, in inference mode. */
final class InferenceTask implements Task {
  private final PointerScope memory = new PointerScope(); // owns what is made outside of a run
  private final InferenceMode mode = new InferenceMode(true);
  private final LstmShape lstm;
  private final TensorVector weights;
  private final Tensor input; // (T, B, inputs)
  private final TensorVector state; // h and c: (layers · directions, B, H)
  private T_TensorTensorTensor_T result = new T_TensorTensorTensor_T(); // output, h, c

  InferenceTask(InferenceWorkload workload) {
    lstm = workload.lstm();
    weights = Tensors.of(workload.parameters(), "lstm.");
    input = Tensors.of(workload.input(), workload.steps(), workload.batch(), lstm.inputs());
    long cells = (long) lstm.depth() * lstm.directions();
    Tensor zeros = torch.zeros(cells, workload.batch(), lstm.hidden());
    state = new TensorVector(zeros, zeros);
  }

  @Override
  public void run() {
    result.releaseReference();
    try (PointerScope _ = new PointerScope()) {
      result =
          torch.lstm(
              input, state, weights, true, lstm.depth(), 0, false, lstm.bidirectional(), false);
      result.retainReference();
    }
  }

  @Override
  public float[] result() {
    return Tensors.toArray(result.get0());
  }

  @Override
  public void close() {
    result.releaseReference();
    mode.close();
    memory.close();
  }
}
