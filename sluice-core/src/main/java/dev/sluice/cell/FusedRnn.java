package dev.sluice.cell;

import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * The kernel of {@link RnnCell}: {@link FusedScan} with an activation in place of gates, whichever it
 * is.
 *
 * <p>The sums are (R, H): h' = f(z), dz = dh ⊙ f′(z). State: h.
 */
final class FusedRnn extends FusedScan {
  private final Activation activation;
  private final Matrix sums; // (B, H) in backward z of a step, while dz takes its place

  FusedRnn(
      PackedSequence x,
      Direction direction,
      List<Var> initial,
      List<Var> weights,
      Var bias,
      Activation activation) {
    super(x, direction, initial, weights, bias);
    this.activation = activation;
    sums = x.data().tape().allocate(x.packing().batch(), hBefore.cols);
  }

  @Override
  void gates(Rows rows) {
    activation.apply(kernels, rows.ofKept(zx), rows.ofStep(h.value()));
  }

  @Override
  void gatesBackward(Rows rows, List<Matrix> dState) {
    Matrix z = rows.ofBatch(sums);
    Matrix dz = rows.ofKept(zx);
    z.copyFrom(dz);
    dz.fill(0);
    Matrix dh = rows.ofBatch(dState.getFirst());
    activation.addGradient(dh, z, rows.ofStep(h.value()), dz);
  }
}
