package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;
import java.util.List;

/**
 * Matrix products at the edge of the kernels: checks shapes and splits a large product over {@link
 * Workers}.
 *
 * <p>Only rows and columns of the output are split, never the sum along k: each element is computed
 * by one thread in the same order, so the bits do not depend on the threads.
 */
public final class Products {
  /**
   * Below so many floating-point operations, about two microseconds, handing out work costs more
   * than it saves.
   */
  private static final long SMALL = 200_000;

  /** Fewer rows leave the register tiles, and the packed operand in the cache, too little used. */
  private static final int MIN_ROWS = 24;

  /** Floats of a packed operand, a megabyte, that a core has near; of a larger one each thread reads its own columns only. */
  private static final int NEAR = 1 << 18;

  private Products() {}

  /**
   * c += a · b, with a (M, K), b (K, N), c (M, N).
   *
   * @throws IllegalArgumentException when the shapes do not fit
   */
  public static void gemm(Kernels kernels, Workers workers, Matrix a, PackedMatrix b, Matrix c) {
    gemm(kernels, workers, c, a, b, c);
  }

  /**
   * c = start + a · b, with a (M, K), b (K, N), start and c (M, N).
   *
   * @param start c itself, or no memory of it
   * @throws IllegalArgumentException when the shapes do not fit
   */
  public static void gemm(
      Kernels kernels, Workers workers, Matrix start, Matrix a, PackedMatrix b, Matrix c) {
    require(
        a.cols == b.rows(), "a · b", a, b.rows(), b.cols(), "the columns of a are the rows of b");
    Matrix.requireShape("c of a · b", c, a.rows, b.cols());
    Matrix.requireShape("what a · b is added to", start, c.rows, c.cols);
    if (!isShared(workers, c.rows, c.cols, a.cols)) {
      kernels.gemm(start, a, b, 0, b.cols(), c);
    } else if (c.cols <= Kernels.PANEL
        || (c.rows >= MIN_ROWS * workers.threads() && (long) b.rows() * b.cols() < NEAR)) {
      workers.ranges(
          c.rows,
          MIN_ROWS,
          (from, to) ->
              kernels.gemm(
                  start.rowRange(from, to),
                  a.rowRange(from, to),
                  b,
                  0,
                  b.cols(),
                  c.rowRange(from, to)));
    } else {
      workers.ranges(c.cols, Kernels.PANEL, (from, to) -> kernels.gemm(start, a, b, from, to, c));
    }
  }

  /**
   * c += aᵀ · b, with a (K, M), b (K, N), c (M, N).
   *
   * @throws IllegalArgumentException when the shapes do not fit
   */
  public static void gemmTransposed(
      Kernels kernels, Workers workers, Matrix a, Matrix b, Matrix c) {
    requireTransposed(a, b, c);
    // The operand that is not split is packed by all: the smaller one, and once by each thread.
    if (isShared(workers, c.rows, c.cols, a.rows) && c.rows > Math.max(c.cols, MIN_ROWS)) {
      workers.ranges(
          c.rows,
          share(c.rows, workers, MIN_ROWS),
          (from, to) ->
              kernels.gemmTransposed(
                  List.of(a.columnRange(from, to)), b, List.of(c.rowRange(from, to))));
    } else {
      gemmTransposed(kernels, workers, List.of(a), b, List.of(c));
    }
  }

  /**
   * c += aᵀ · b for each a and its c, which share b, as above.
   *
   * @throws IllegalArgumentException when the shapes do not fit
   */
  public static void gemmTransposed(
      Kernels kernels, Workers workers, List<Matrix> a, Matrix b, List<Matrix> c) {
    int rows = 0;
    for (int i = 0; i < c.size(); i++) {
      requireTransposed(a.get(i), b, c.get(i));
      rows += c.get(i).rows;
    }
    if (isShared(workers, rows, b.cols, b.rows)) {
      workers.ranges(
          b.cols,
          share(b.cols, workers, Kernels.PANEL),
          (from, to) ->
              kernels.gemmTransposed(
                  a,
                  b.columnRange(from, to),
                  c.stream().map(m -> m.columnRange(from, to)).toList()));
    } else {
      kernels.gemmTransposed(a, b, c);
    }
  }

  private static void requireTransposed(Matrix a, Matrix b, Matrix c) {
    require(a.rows == b.rows, "aᵀ · b", a, b.rows, b.cols, "a and b have the same number of rows");
    Matrix.requireShape("c += aᵀ · b", c, a.cols, b.cols);
  }

  /** A thread's share of {@code length}, in whole {@code unit}s. */
  private static int share(int length, Workers workers, int unit) {
    return Math.ceilDiv(Math.ceilDiv(length, workers.threads()), unit) * unit;
  }

  /** Packs b, or its transpose, anew into what was packed from a matrix of its shape. */
  public static void repack(
      Kernels kernels, Workers workers, Matrix b, boolean transpose, PackedMatrix into) {
    workers.ranges(
        into.cols(),
        Elementwise.unit(into.rows(), Kernels.PANEL),
        (from, to) -> kernels.repack(b, transpose, into, from, to));
  }

  /** Whether threads share a product of this shape. */
  public static boolean isShared(Workers workers, int rows, int cols, int depth) {
    return workers.threads() > 1 && 2L * rows * cols * depth >= SMALL;
  }

  private static void require(
      boolean fits, String product, Matrix a, int rows, int cols, String rule) {
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: a is (%d, %d), b is (%d, %d); expected that %s"
              .formatted(product, a.rows, a.cols, rows, cols, rule));
    }
  }
}
