package dev.sluice.train;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015) as PyTorch's {@code optim.Adam}, and AdamW (Loshchilov and Hutter 2019) as
 * its {@code optim.AdamW}, which differ in how weights decay.
 *
 * <pre>
 *   Adam:  g = g + decay·w           AdamW:  w = w - learningRate·decay·w
 *   m = β₁·m + (1 - β₁)·g            v = β₂·v + (1 - β₂)·g²
 *   w -= learningRate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
 * </pre>
 */
public final class Adam extends Optimizer {
  private static final String FIRST = "m";
  private static final String SECOND = "v";

  /**
   * What Adam has besides the learning rate.
   *
   * @param beta1 β₁, from 0 to below 1
   * @param beta2 β₂, from 0 to below 1
   * @param epsilon ε, above 0
   * @param weightDecay 0 for none
   * @param decoupled whether weights decay beside the gradient, as in AdamW, or in it
   */
  public record Settings(
      double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled) {
    /** PyTorch's defaults of Adam, without decay. */
    public static final Settings ADAM = new Settings(0.9, 0.999, 1e-8, 0, false);

    /** PyTorch's defaults of AdamW. */
    public static final Settings ADAMW = new Settings(0.9, 0.999, 1e-8, 0.01, true);

    /** Checks the bounds. */
    public Settings {
      Arguments.inUnit("beta1", beta1);
      Arguments.inUnit("beta2", beta2);
      Arguments.positive("epsilon", epsilon);
      Arguments.notNegative("weight_decay", weightDecay);
    }
  }

  private final Settings settings;

  /** Adam with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and no decay. */
  public Adam() {
    this(Settings.ADAM);
  }

  /** Adam or AdamW. */
  public Adam(Settings settings) {
    super(List.of(FIRST, SECOND));
    this.settings = settings;
  }

  @Override
  protected Update update(float learningRate, long step) {
    double correction1 = 1 - StrictMath.pow(settings.beta1, (double) step);
    double correction2 = 1 - StrictMath.pow(settings.beta2, (double) step);
    float rate = (float) (learningRate / correction1);
    float scale = (float) (1 / Math.sqrt(correction2));
    float kept = settings.decoupled ? (float) (1 - learningRate * settings.weightDecay) : 1;
    return (w, g, from, to) -> {
      if (settings.weightDecay > 0) {
        decay(w, g, kept, from, to);
      }
      update(w, g, rate, scale, from, to);
    };
  }

  private void decay(float[] w, float[] g, float kept, int from, int to) {
    if (settings.decoupled) {
      for (int i = from; i < to; i++) {
        w[i] *= kept;
      }
      return;
    }
    float decay = (float) settings.weightDecay;
    for (int i = from; i < to; i++) {
      g[i] += decay * w[i];
    }
  }

  private void update(float[] w, float[] g, float rate, float scale, int from, int to) {
    float[] m = moment(FIRST);
    float[] v = moment(SECOND);
    float beta1 = (float) settings.beta1;
    float beta2 = (float) settings.beta2;
    // rounded once from double, as PyTorch does: 1 - 0.999f is off by 13 millionths
    float rest1 = (float) (1 - settings.beta1);
    float rest2 = (float) (1 - settings.beta2);
    float epsilon = (float) settings.epsilon;
    for (int i = from; i < to; i++) {
      m[i] = beta1 * m[i] + rest1 * g[i];
      v[i] = beta2 * v[i] + rest2 * (g[i] * g[i]);
      w[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) * scale + epsilon);
    }
  }
}
