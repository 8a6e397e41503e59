package dev.sluice.train;

import java.util.List;

/**
 * RMSProp (Tieleman and Hinton 2012) as PyTorch's {@code optim.RMSprop}: steps are divided by a
 * running root mean square of the gradient. TF1's adds ε below the root and starts v at 1.
 *
 * <pre>
 *   g = g + decay·w              v = α·v + (1 - α)·g²
 *   without momentum:            w -= learningRate · g / (√v + ε)
 *   b = μ·b + g / (√v + ε)       w -= learningRate · b
 * </pre>
 */
public final class RmsProp extends Optimizer {
  private static final String SQUARES = "v";
  private static final String MOMENTUM = "momentum";

  private final float alpha;
  private final float rest; // 1 - α, rounded once
  private final float epsilon;
  private final float momentum;
  private final float weightDecay;

  /** PyTorch's defaults: α = 0.99, ε = 10⁻⁸, no momentum, no decay. */
  public RmsProp() {
    this(0.99, 1e-8, 0, 0);
  }

  /**
   * With all there is to set.
   *
   * @param alpha α, from 0 to below 1
   * @param epsilon ε, above 0
   * @param momentum μ, from 0 to below 1
   * @param weightDecay λ of the penalty λ/2·w²
   */
  public RmsProp(double alpha, double epsilon, double momentum, double weightDecay) {
    super(momentum == 0 ? List.of(SQUARES) : List.of(SQUARES, MOMENTUM));
    this.alpha = (float) Arguments.inUnit("alpha", alpha);
    this.rest = (float) (1 - alpha);
    this.epsilon = (float) Arguments.positive("epsilon", epsilon);
    this.momentum = (float) Arguments.inUnit("momentum", momentum);
    this.weightDecay = (float) Arguments.notNegative("weight_decay", weightDecay);
  }

  @Override
  protected Update update(float learningRate, long step) {
    return (w, g, from, to) -> {
      scale(w, g, from, to);
      move(w, g, learningRate, from, to);
    };
  }

  /** g = (g + decay·w) / (√v + ε). */
  private void scale(float[] w, float[] g, int from, int to) {
    float[] v = moment(SQUARES);
    for (int i = from; i < to; i++) {
      float slope = g[i] + weightDecay * w[i];
      v[i] = alpha * v[i] + rest * (slope * slope);
      g[i] = slope / ((float) Math.sqrt(v[i]) + epsilon);
    }
  }

  private void move(float[] w, float[] g, float rate, int from, int to) {
    if (momentum == 0) {
      for (int i = from; i < to; i++) {
        w[i] -= rate * g[i];
      }
      return;
    }
    float[] b = moment(MOMENTUM);
    for (int i = from; i < to; i++) {
      b[i] = momentum * b[i] + g[i];
      w[i] -= rate * b[i];
    }
  }
}
