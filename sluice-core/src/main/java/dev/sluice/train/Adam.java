package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;

/**
 * Adam (Kingma and Ba 2015), as PyTorch's {@code optim.Adam} with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
 *
 * <pre>
 *   m = β₁·m + (1 - β₁)·g          v = β₂·v + (1 - β₂)·g²
 *   w -= learningRate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
 * </pre>
 */
public final class Adam implements Optimizer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  // rounded once from double, as PyTorch does: 1 - 0.999f is off by 13 millionths
  private static final float REST1 = (float) (1 - 0.9);
  private static final float REST2 = (float) (1 - 0.999);
  private static final float EPSILON = 1e-8f;

  private float[] m = {};
  private float[] v = {};
  private double beta1Power = 1;
  private double beta2Power = 1;

  @Override
  public void step(Backend backend, Parameters parameters, float learningRate) {
    float[] w = parameters.values();
    float[] g = parameters.gradients();
    if (m.length != w.length) {
      m = new float[w.length];
      v = new float[w.length];
    }
    beta1Power *= 0.9;
    beta2Power *= 0.999;
    float rate = (float) (learningRate / (1 - beta1Power));
    float scale = (float) (1 / Math.sqrt(1 - beta2Power));
    Blocks.run(backend.workers(), w.length, (from, to) -> update(w, g, rate, scale, from, to));
    parameters.changed();
  }

  private void update(float[] w, float[] g, float rate, float scale, int from, int to) {
    for (int i = from; i < to; i++) {
      m[i] = BETA1 * m[i] + REST1 * g[i];
      v[i] = BETA2 * v[i] + REST2 * (g[i] * g[i]);
      w[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) * scale + EPSILON);
    }
  }
}
