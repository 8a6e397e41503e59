package dev.sluice.train;

import java.util.Arrays;
import java.util.List;

/**
 * Adagrad (Duchi, Hazan and Singer 2011) as PyTorch's {@code optim.Adagrad}: steps are divided by
 * the root of all squared gradients so far, so those of rare features stay large.
 *
 * <pre>
 *   g = g + decay·w      s = s + g²      w -= learningRate · g / (√s + ε)
 * </pre>
 */
public final class Adagrad extends Optimizer {
  private static final String SQUARES = "sum";

  private final float initial;
  private final float epsilon;
  private final float weightDecay;

  /** PyTorch's defaults: s starts at 0, ε = 10⁻¹⁰, no decay. */
  public Adagrad() {
    this(0, 1e-10, 0);
  }

  /**
   * With all there is to set.
   *
   * @param initial where s starts, 0 or more; TF1 and Keras take 0.1
   * @param epsilon ε, above 0
   * @param weightDecay λ of the penalty λ/2·w²
   */
  public Adagrad(double initial, double epsilon, double weightDecay) {
    super(List.of(SQUARES));
    this.initial = (float) Arguments.notNegative("initial", initial);
    this.epsilon = (float) Arguments.positive("epsilon", epsilon);
    this.weightDecay = (float) Arguments.notNegative("weight_decay", weightDecay);
  }

  @Override
  protected float[] first(int length) {
    float[] sum = new float[length];
    Arrays.fill(sum, initial);
    return sum;
  }

  @Override
  protected Update update(float learningRate, long step) {
    return (w, g, from, to) -> update(w, g, moment(SQUARES), learningRate, from, to);
  }

  private void update(float[] w, float[] g, float[] sum, float rate, int from, int to) {
    for (int i = from; i < to; i++) {
      float slope = g[i] + weightDecay * w[i];
      sum[i] += slope * slope;
      w[i] -= rate * slope / ((float) Math.sqrt(sum[i]) + epsilon);
    }
  }
}
