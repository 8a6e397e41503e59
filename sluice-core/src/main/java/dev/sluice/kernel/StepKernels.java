package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;

/**
 * What the machine does for one stream at a time: a step reads every weight once, so it cannot be
 * faster than that. Batches and whole sequences are for {@link Kernels}, which use a weight for many
 * rows when they have read it.
 *
 * <p>Every provider computes the bits that {@link Kernels} compute for one row: a sum starts from its
 * bias and takes in a along k in rising order, one fused multiply-add after the other. Weights in
 * bfloat16 are widened, which is exact, and change nothing else.
 *
 * <p>Columns come in panels, see {@link StepLayout}; threads may share a step by ranges of panels.
 * Callers have checked sizes. No method allocates.
 */
public interface StepKernels {
  /**
   * Copies b (1, N) and W (K, N), with N = gates · units, into the layout in which this provider
   * reads them.
   *
   * @param gates 4 for {@link #lstm}, 1 for {@link #affine}
   * @param bfloat16 whether all of W are bfloat16 numbers, which need half the memory
   */
  StepWeights pack(int gates, Matrix b, Matrix w, boolean bfloat16);

  /**
   * y = b + a·W for the panels {@code from} to {@code to}.
   *
   * @param a the floats from {@code a[aAt]} on
   * @param y from {@code y[yAt]} on, {@link StepLayout#paddedUnits} floats; those beyond its units
   *     become 0 or NaN
   */
  void affine(StepWeights weights, float[] a, int aAt, int from, int to, float[] y, int yAt);

  /**
   * The step of an LSTM for the units of the panels {@code from} to {@code to}:
   *
   * <pre>
   *   z  = b + a·W                   a: x, and the h of the step before; gates in the order i f g o
   *   c' = σ(f + forgetBias)·c + σ(i)·tanh(g)
   *   h' = σ(o)·tanh(c')
   * </pre>
   *
   * @param memory all of it; c' takes the place of c, and h' has one of its own, because other
   *     panels still read h
   * @param a where x begins, followed by h
   * @param c {@link StepLayout#paddedUnits} floats
   * @param h likewise; out
   */
  void lstm(
      StepWeights weights, float forgetBias, float[] memory, int a, int c, int h, int from, int to);

  /**
   * {@link Kernels#gruGates} for one row: zx and zh, the sums over x and over h, are 3·units floats
   * from {@code memory[zx]} and {@code memory[zh]}, and are overwritten; h' takes the place of h.
   */
  void gruGates(float[] memory, int zx, int zh, int h, int units);

  /** y = tanh(y) for {@code length} floats from {@code y[at]}. */
  void tanh(float[] y, int at, int length);
}
