package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;
import java.util.List;

/**
 * What the machine does: the few inner loops in which a recurrent network spends its time.
 *
 * <p>Every provider computes the same bits. Each output element is a fixed sequence of IEEE
 * operations: products accumulate along k, in rising order, one fused multiply-add after the other,
 * onto what the output held before; sums over many elements follow the tree of {@link #sum}; the
 * transcendental functions are those of {@link Activations}. Neither lane count, nor blocking, nor
 * threads, nor the JIT can change a result. (A NaN is a NaN everywhere; which of the NaNs is not
 * promised.)
 *
 * <p>Callers have checked shapes. Methods run on the calling thread; {@link Products} splits large
 * products over {@link Workers}. Windows of one call do not overlap unless it says "in place".
 */
public interface Kernels {
  /** Ranges of columns given to {@link #gemm} start at a multiple of it: no tile of the result crosses one. */
  int PANEL = 64;

  /** Below it a gradient of a state counts as zero: see {@link #dropNegligible}. */
  float NEGLIGIBLE = 0x1p-96f;

  /** For people: {@code "scalar"}, {@code "vector, 512 bit"}. */
  String name();

  /** The kernels of this provider for one stream at a time. */
  StepKernels steps();

  /**
   * Copies {@code b} (K, N), or its transpose when {@code transpose} is set and b is (N, K), into
   * the layout this provider multiplies fastest.
   */
  PackedMatrix pack(Matrix b, boolean transpose);

  /**
   * {@link #pack} into columns {@code from} to {@code to} of {@code into}, which this provider
   * packed from a matrix of the same shape; {@code from} is a multiple of {@link #PANEL}, {@code
   * to} a multiple of it or N.
   */
  void repack(Matrix b, boolean transpose, PackedMatrix into, int from, int to);

  /**
   * c = start + a · b for columns {@code from} to {@code to} of start, b and c: a is (M, K), b is
   * (K, N), start and c are (M, N). {@code from} is a multiple of {@link #PANEL}, {@code to} a
   * multiple of it or N. c[m][n] is start[m][n], then fma(a[m][k], b[k][n], c[m][n]) for k = 0, 1,
   * 2, ...
   *
   * @param start may be c, and shares no memory with it otherwise; one row for all when it is {@linkplain Matrix#expand expanded}
   */
  void gemm(Matrix start, Matrix a, PackedMatrix b, int from, int to, Matrix c);

  /**
   * c += aᵀ · b for each a and its c, which share b: a is (K, M), b is (K, N), c is (M, N); any
   * window. c[m][n] = fma(a[k][m], b[k][n], c[m][n]) for k = 0, 1, 2, ... K is large (all steps of
   * all sequences) in the gradient of a weight, and b is the same for weights of the input and of the
   * state.
   */
  void gemmTransposed(List<Matrix> a, Matrix b, List<Matrix> c);

  /** y = σ(x), element by element; y may be x. */
  void sigmoid(Matrix x, Matrix y);

  /** y = tanh(x), element by element; y may be x. */
  void tanh(Matrix x, Matrix y);

  /** y = eˣ, element by element; y may be x. */
  void exp(Matrix x, Matrix y);

  /** y[to + i] += x[from + i] for {@code length} floats, which do not overlap. */
  void add(float[] x, int from, float[] y, int to, int length);

  /**
   * Sum of {@code length} floats from {@code data[offset]}: sixteen running sums, the j-th over
   * elements j, j + 16, j + 32, ... in order and starting from +0; then s[j] += s[j + 8] for j
   * below 8, s[j] += s[j + 4], s[j] += s[j + 2], s[0] + s[1].
   */
  float sum(float[] data, int offset, int length);

  /** Sum of the squares of {@code length} floats from {@code data[offset]}, in double, in the order of {@link #sum}. */
  double sumOfSquares(float[] data, int offset, int length);

  /** The largest of {@code length} floats from {@code data[offset]}; NaN when there is one. */
  float max(float[] data, int offset, int length);

  /**
   * x = 0 where |x| < {@link #NEGLIGIBLE}.
   *
   * <p>Gradients that shrink from step to step would become subnormal numbers, with which many processors compute
   * a hundred times slower; a product of one that is left with a weight of more than 2⁻³⁰ is normal.
   */
  void dropNegligible(Matrix x);

  /**
   * The gates of one LSTM step for some rows n ≤ B.
   *
   * <pre>
   *   z = [i f g o]   (n, 4H)  in: before activation; out: σ(i), σ(f), tanh(g), σ(o)
   *   c               (n, H)   in: c of the step before; out: c' = σ(f)·c + σ(i)·tanh(g)
   *   tanhC           (n, H)   out: tanh(c')
   *   h               (n, H)   out: σ(o)·tanh(c')
   * </pre>
   *
   * c' is two products, then one sum, each rounded (not a fused multiply-add): the order of the
   * readable formula.
   */
  void lstmGates(Matrix z, Matrix c, Matrix tanhC, Matrix h);

  /**
   * The backward of {@link #lstmGates}.
   *
   * <pre>
   *   gates = σ(i) σ(f) tanh(g) σ(o)   (n, 4H)  in; out: the gradient of z
   *   cBefore, tanhC                   (n, H)   in: c of the step before, tanh(c')
   *   dh                               (n, H)   in: gradient of h
   *   dc                               (n, H)   in: gradient of c' from later steps; out: gradient of c
   *
   *   dc' = dc + (dh·o)·(1 - tanhC·tanhC)
   *   do  = (dh·tanhC)·(o·(1 - o))       with o, i, f, g after activation
   *   di  = (dc'·g)·(i·(1 - i))
   *   df  = (dc'·cBefore)·(f·(1 - f))
   *   dg  = (dc'·i)·(1 - g·g)
   *   dc  = dc'·f
   * </pre>
   */
  void lstmGatesBackward(Matrix gates, Matrix cBefore, Matrix tanhC, Matrix dh, Matrix dc);

  /**
   * The gates of one step of a GRU, its reset gate after the recurrent product, for some rows n ≤ B.
   *
   * <pre>
   *   zx = [r z n]   (n, 3H)  in: sums over x; out: σ(zx_r + zh_r), σ(zx_z + zh_z), tanh(zx_n + r·zh_n)
   *   zh = [r z n]   (n, 3H)  in: sums over h
   *   hBefore        (n, H)   in: h of the step before
   *   h              (n, H)   out: (1 - z)·n + z·hBefore
   * </pre>
   *
   * Each product and each sum is rounded (no fused multiply-add): the order of the readable formula.
   */
  void gruGates(Matrix zx, Matrix zh, Matrix hBefore, Matrix h);

  /**
   * The backward of {@link #gruGates}.
   *
   * <pre>
   *   gates = r z n    (n, 3H)  in: after activation; out: the gradient of zx
   *   zh               (n, 3H)  in: its part n; out: the gradient of zh
   *   hBefore          (n, H)   in: h of the step before
   *   dh               (n, H)   in: gradient of h
   *   dhBefore         (n, H)   out: gradient of hBefore, but for what comes through zh
   *
   *   dn  = (dh·(1 - z))·(1 - n·n)
   *   dz  = (dh·hBefore - dh·n)·(z·(1 - z))
   *   dr  = (dn·zh_n)·(r·(1 - r))
   *   dzx = [dr dz dn],  dzh = [dr dz dn·r],  dhBefore = dh·z
   * </pre>
   */
  void gruGatesBackward(Matrix gates, Matrix zh, Matrix hBefore, Matrix dh, Matrix dhBefore);
}
