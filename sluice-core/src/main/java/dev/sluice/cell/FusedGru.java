package dev.sluice.cell;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * The kernel of {@link GruCell} with its reset gate after the recurrent product: {@link FusedScan}
 * with {@link Kernels#gruGates} and its backward.
 *
 * <p>The sums are the gates r z n, (R, 3H); those over the input and those over the state stay apart,
 * because r scales only the latter. State: h, which the gates read themselves: h' = (1 - z)·n + z·h.
 */
final class FusedGru extends FusedScan {
  private final Matrix direct; // (B, H) in backward what reaches h as z·h

  FusedGru(
      PackedSequence x,
      Direction direction,
      List<Var> initial,
      List<Var> weights,
      Var bIh,
      Var bHh) {
    super(x, direction, initial, weights, bIh, bHh);
    direct = x.data().tape().allocate(x.packing().batch(), hBefore.cols);
  }

  @Override
  void gates(Rows rows) {
    Matrix before = rows.ofBatch(state.getFirst().value());
    kernels.gruGates(rows.ofKept(zx), rows.ofKept(zh), before, rows.ofStep(h.value()));
  }

  @Override
  void gatesBackward(Rows rows, List<Matrix> dState) {
    kernels.gruGatesBackward(
        rows.ofKept(zx),
        rows.ofKept(zh),
        rows.ofKept(hBefore),
        rows.ofBatch(dState.getFirst()),
        rows.ofBatch(direct));
  }

  @Override
  void addDirectGradient(Rows rows, Matrix dh) {
    Elementwise.add(kernels, rows.ofBatch(direct), dh);
  }
}
