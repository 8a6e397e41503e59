package dev.sluice.train;

import java.util.List;

/**
 * Stochastic gradient descent as PyTorch's {@code optim.SGD}, with momentum μ (Polyak 1964) and
 * Nesterov's look ahead (Sutskever et al. 2013).
 *
 * <pre>
 *   g = g + decay·w          b = μ·b + g
 *   w -= learningRate · (g without momentum, b with it, g + μ·b by Nesterov)
 * </pre>
 */
public final class Sgd extends Optimizer {
  private static final String MOMENTUM = "momentum";

  private final float momentum;
  private final boolean nesterov;
  private final float weightDecay;

  /** Without momentum and decay: w -= learningRate · gradient. */
  public Sgd() {
    this(0, false, 0);
  }

  /**
   * With momentum, weight decay, or both.
   *
   * @param momentum μ, from 0 to below 1
   * @param nesterov whether to look ahead, which needs momentum
   * @param weightDecay λ of the penalty λ/2·w²
   */
  public Sgd(double momentum, boolean nesterov, double weightDecay) {
    super(momentum == 0 ? List.of() : List.of(MOMENTUM));
    this.momentum = (float) Arguments.inUnit("momentum", momentum);
    this.weightDecay = (float) Arguments.notNegative("weight_decay", weightDecay);
    this.nesterov = nesterov;
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("nesterov needs a momentum, such as 0.9");
    }
  }

  @Override
  protected Update update(float learningRate, long step) {
    return momentum == 0
        ? (w, g, from, to) -> plain(w, g, learningRate, from, to)
        : (w, g, from, to) -> withMomentum(w, g, moment(MOMENTUM), learningRate, from, to);
  }

  private void plain(float[] w, float[] g, float rate, int from, int to) {
    if (weightDecay == 0) {
      for (int i = from; i < to; i++) {
        w[i] -= rate * g[i];
      }
      return;
    }
    for (int i = from; i < to; i++) {
      w[i] -= rate * (g[i] + weightDecay * w[i]);
    }
  }

  private void withMomentum(float[] w, float[] g, float[] b, float rate, int from, int to) {
    for (int i = from; i < to; i++) {
      float slope = g[i] + weightDecay * w[i];
      b[i] = momentum * b[i] + slope;
      w[i] -= rate * (nesterov ? slope + momentum * b[i] : b[i]);
    }
  }
}
