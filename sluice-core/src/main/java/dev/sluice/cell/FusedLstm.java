package dev.sluice.cell;

import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * The kernel of {@link LstmCell}: {@link FusedScan} with {@link Kernels#lstmGates} and its backward.
 *
 * <p>The sums are the gates i f g o, (R, 4H). State: h, c.
 */
final class FusedLstm extends FusedScan {
  private final Matrix cBefore; // (R, H)
  private final Matrix tanhC; // (R, H)

  FusedLstm(PackedSequence x, Direction direction, List<Var> initial, List<Var> weights, Var bias) {
    super(x, direction, initial, weights, bias);
    cBefore = x.data().tape().allocate(hBefore.rows, hBefore.cols);
    tanhC = x.data().tape().allocate(hBefore.rows, hBefore.cols);
  }

  @Override
  void gates(Rows rows) {
    Matrix c = rows.ofBatch(state.get(1).value());
    rows.ofStep(cBefore).copyFrom(c);
    kernels.lstmGates(rows.ofStep(zx), c, rows.ofStep(tanhC), rows.ofStep(h.value()));
  }

  @Override
  void gatesBackward(Rows rows, List<Matrix> dState) {
    Matrix dh = rows.ofBatch(dState.get(0));
    Matrix dc = rows.ofBatch(dState.get(1));
    kernels.lstmGatesBackward(rows.ofStep(zx), rows.ofStep(cBefore), rows.ofStep(tanhC), dh, dc);
  }
}
