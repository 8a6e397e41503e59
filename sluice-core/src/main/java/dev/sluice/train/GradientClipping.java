package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;

/** Keeps gradients from becoming too large: all of them by one factor, or each by itself. */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Clips by the global norm (Pascanu et al. 2013), as PyTorch's {@code clip_grad_norm_}: when the norm
   * over all parameters is above the limit, every gradient is scaled by limit / (norm + 10⁻⁶).
   *
   * @param limit the largest norm allowed; infinity only measures
   * @return the norm that the gradients had before
   */
  public static float byNorm(Backend backend, Parameters parameters, float limit) {
    float[] g = parameters.gradients();
    float norm = (float) Math.sqrt(sumOfSquares(backend, g));
    if (norm > limit) {
      float scale = limit / (norm + 1e-6f);
      Blocks.run(
          backend.workers(),
          g.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              g[i] *= scale;
            }
          });
    }
    return norm;
  }

  /**
   * Clips each element to ±{@code limit} (Graves 2013), as PyTorch's {@code clip_grad_value_}.
   *
   * @param limit the largest magnitude allowed; infinity for none
   */
  public static void byValue(Backend backend, Parameters parameters, float limit) {
    if (limit == Float.POSITIVE_INFINITY) {
      return;
    }
    float[] g = parameters.gradients();
    Blocks.run(
        backend.workers(),
        g.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            g[i] = Math.max(-limit, Math.min(limit, g[i]));
          }
        });
  }

  /** In double, block by block in order, so that the bits do not depend on threads. */
  private static double sumOfSquares(Backend backend, float[] g) {
    double[] sums = new double[Blocks.count(g.length)];
    Blocks.run(
        backend.workers(),
        g.length,
        (from, to) ->
            sums[from / Blocks.SIZE] = backend.kernels().sumOfSquares(g, from, to - from));
    double sum = 0;
    for (double s : sums) {
      sum += s;
    }
    return sum;
  }
}
