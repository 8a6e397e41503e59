package dev.sluice.cell;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * The kernel of {@link LstmCell}, and of {@link LstmVariantCell} where that differs by a forget bias
 * alone: {@link FusedScan} with {@link Kernels#lstmGates} and its backward.
 *
 * <p>The sums are the gates i f g o, (K, 4H). State: h, c. The forget bias joins the sum of f last, as in
 * the formula: as a part of b it would be rounded elsewhere.
 */
final class FusedLstm extends FusedScan {
  private final float forgetBias;
  private final Matrix cBefore; // (R, H), without rows when there is no backward
  private final Matrix tanhC; // (K, H)

  FusedLstm(
      PackedSequence x,
      Direction direction,
      List<Var> initial,
      List<Var> weights,
      Var bias,
      float forgetBias) {
    super(x, direction, initial, weights, bias);
    this.forgetBias = forgetBias;
    cBefore = x.data().tape().allocate(hBefore.rows, hBefore.cols);
    tanhC = x.data().tape().allocate(zx.rows, hBefore.cols);
  }

  @Override
  void gates(Rows rows) {
    Matrix z = rows.ofKept(zx);
    Matrix c = rows.ofBatch(state.get(1).value());
    if (forgetBias != 0) {
      Elementwise.shift(forgetBias, z.columnRange(c.cols, 2 * c.cols));
    }
    if (cBefore.rows > 0) {
      rows.ofKept(cBefore).copyFrom(c);
    }
    kernels.lstmGates(z, c, rows.ofKept(tanhC), rows.ofStep(h.value()));
  }

  @Override
  void gatesBackward(Rows rows, List<Matrix> dState) {
    Matrix dh = rows.ofBatch(dState.get(0));
    Matrix dc = rows.ofBatch(dState.get(1));
    kernels.lstmGatesBackward(rows.ofKept(zx), rows.ofKept(cBefore), rows.ofKept(tanhC), dh, dc);
  }
}
