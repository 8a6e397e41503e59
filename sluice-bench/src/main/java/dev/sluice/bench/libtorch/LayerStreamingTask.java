package dev.sluice.bench.libtorch;

import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.StreamingWorkload;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A stream through {@code nn.LSTM}: each step is a sequence of length one. */
final class LayerStreamingTask extends StreamingTask {
  private final LstmShape lstm;
  private final TensorVector weights;
  private final TensorVector state; // h, c: (layers, 1, H)

  LayerStreamingTask(StreamingWorkload workload) {
    super(workload, 1, 1, workload.lstm().inputs());
    lstm = workload.lstm();
    weights = Tensors.of(workload.parameters(), "lstm.");
    Tensor zeros = torch.zeros(lstm.depth(), 1, lstm.hidden());
    state = new TensorVector(zeros, zeros);
  }

  @Override
  Tensor advance(Tensor x) {
    T_TensorTensorTensor_T next =
        torch.lstm(x, state, weights, true, lstm.depth(), 0, false, false, false);
    state.put(0, next.get1());
    state.put(1, next.get2());
    return next.get0();
  }
}
