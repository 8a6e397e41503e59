package dev.sluice.loss;

import dev.sluice.kernel.Elementwise;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;

/**
 * The mean of squared differences, as PyTorch's {@code mse_loss} with mean reduction and Keras's {@code
 * MeanSquaredError}.
 *
 * <pre>
 *   loss = mean over all elements of (y - target)²
 *   dy   = 2·(y - target) / elements
 * </pre>
 */
public final class SquaredError {
  private SquaredError() {}

  /**
   * The mean loss over all elements, (1, 1).
   *
   * @param y (n, K), what was predicted
   * @param target (n, K), what it should have been
   * @throws IllegalArgumentException when the shapes differ
   */
  public static Var mean(Var y, Matrix target) {
    Matrix.requireShape("target of the squared error", target, y.rows(), y.cols());
    Tape tape = y.tape();
    int elements = Math.multiplyExact(y.rows(), y.cols());
    Matrix difference = tape.allocate(y.rows(), y.cols());
    difference.copyFrom(y.value());
    Elementwise.addScaled(-1, target, difference);
    Matrix squares = tape.allocate(y.rows(), y.cols());
    Elementwise.mul(difference, difference, squares);
    Matrix mean = tape.allocate(1, 1);
    mean.set(0, 0, tape.kernels().sum(squares.data, squares.offset, elements) / elements);
    Var loss = tape.result(mean, y);
    tape.record(
        () -> {
          float scale = 2 * loss.gradient().get(0, 0) / elements;
          Elementwise.addScaled(scale, difference, y.gradient());
        },
        loss);
    return loss;
  }
}
