package dev.sluice.loss;

import dev.sluice.kernel.Elementwise;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;

/**
 * The cross-entropy of labels that do not exclude each other, each the sigmoid of its own score, as
 * PyTorch's {@code binary_cross_entropy_with_logits} with mean reduction.
 *
 * <pre>
 *   loss = mean over all elements of -t·log σ(x) - (1 - t)·log (1 - σ(x))
 *        = mean over all elements of max(x, 0) - x·t + log (1 + e^-|x|)      computed so: nothing overflows
 *   dx   = (σ(x) - t) / elements
 * </pre>
 */
public final class BinaryCrossEntropy {
  private BinaryCrossEntropy() {}

  /**
   * The mean loss over all elements, (1, 1), in nats; times K it is the mean over rows of what their K
   * labels cost together.
   *
   * @param logits (n, K), x
   * @param targets (n, K), t: 1 where the label applies, 0 where it does not
   * @throws IllegalArgumentException when the shapes differ
   */
  public static Var mean(Var logits, Matrix targets) {
    Matrix.requireShape(
        "targets of the binary cross-entropy", targets, logits.rows(), logits.cols());
    Tape tape = logits.tape();
    Matrix x = logits.value();
    int elements = Math.multiplyExact(x.rows, x.cols);
    Matrix losses = tape.allocate(x.rows, x.cols);
    Activation.SOFTPLUS.apply(tape.kernels(), x, losses); // max(x, 0) + log (1 + e^-|x|)
    Matrix products = tape.allocate(x.rows, x.cols);
    Elementwise.mul(x, targets, products);
    Elementwise.addScaled(-1, products, losses);
    Matrix mean = tape.allocate(1, 1);
    mean.set(0, 0, tape.kernels().sum(losses.data, losses.offset, elements) / elements);
    Var loss = tape.result(mean, logits);
    tape.record(
        () -> {
          Matrix difference = tape.allocate(x.rows, x.cols);
          tape.kernels().sigmoid(x, difference);
          Elementwise.addScaled(-1, targets, difference);
          float scale = loss.gradient().get(0, 0) / elements;
          Elementwise.addScaled(scale, difference, logits.gradient());
        },
        loss);
    return loss;
  }
}
