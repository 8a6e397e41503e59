package dev.sluice.parameter;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/**
 * A random orthogonal matrix: Q of the QR decomposition of a matrix of normal numbers, with the
 * signs that make the diagonal of R positive, as PyTorch and Keras choose them, because only then no
 * direction is preferred (Mezzadri 2007).
 *
 * <p>By the modified Gram-Schmidt process, whose R has a positive diagonal by itself. Its columns are
 * perpendicular up to a double's rounding times the condition of the random matrix, far below what
 * a float can tell.
 */
final class OrthogonalMatrix {
  private OrthogonalMatrix() {}

  /** Perpendicular columns of length {@code gain}; rows, where they are fewer. */
  static void fill(Matrix m, float gain, RandomKey key) {
    boolean wide = m.cols > m.rows;
    double[][] q = basis(Math.min(m.rows, m.cols), Math.max(m.rows, m.cols), key);
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        m.set(r, c, (float) (gain * (wide ? q[r][c] : q[c][r])));
      }
    }
  }

  /** {@code count} perpendicular vectors of length 1. */
  private static double[][] basis(int count, int size, RandomKey key) {
    double[][] q = new double[count][size];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < size; k++) {
        q[i][k] = key.normal((long) i * size + k);
      }
      for (int j = 0; j < i; j++) {
        subtract(q[i], dot(q[i], q[j]), q[j]);
      }
      double length = Math.sqrt(dot(q[i], q[i]));
      for (int k = 0; k < size; k++) {
        q[i][k] /= length;
      }
    }
    return q;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /** a -= factor · b. */
  private static void subtract(double[] a, double factor, double[] b) {
    for (int k = 0; k < a.length; k++) {
      a[k] -= factor * b[k];
    }
  }
}
