package dev.sluice.bench.libtorch;

import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.StreamingWorkload;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A stream through one {@code nn.LSTMCell} for each layer. */
final class CellStreamingTask extends StreamingTask {
  private record Cell(
      Tensor wIh, Tensor wHh, TensorOptional bIh, TensorOptional bHh, TensorVector state) {}

  private final List<Cell> cells;

  CellStreamingTask(StreamingWorkload workload) {
    super(workload, 1, workload.lstm().inputs());
    LstmShape lstm = workload.lstm();
    TensorVector weights = Tensors.of(workload.parameters(), "lstm.");
    cells =
        IntStream.range(0, lstm.depth())
            .mapToObj(
                layer -> {
                  Tensor zeros = torch.zeros(1, lstm.hidden());
                  return new Cell(
                      weights.get(4L * layer),
                      weights.get(4L * layer + 1),
                      new TensorOptional(weights.get(4L * layer + 2)),
                      new TensorOptional(weights.get(4L * layer + 3)),
                      new TensorVector(zeros, zeros));
                })
            .toList();
  }

  @Override
  Tensor advance(Tensor x) {
    Tensor h = x;
    for (Cell cell : cells) {
      T_TensorTensor_T next =
          torch.lstm_cell(h, cell.state, cell.wIh, cell.wHh, cell.bIh, cell.bHh);
      h = next.get0();
      cell.state.put(0, h);
      cell.state.put(1, next.get1());
    }
    return h;
  }
}
