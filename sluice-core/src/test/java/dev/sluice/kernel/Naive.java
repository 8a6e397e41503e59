package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/**
 * The products as their definitions say, one element at a time, and random windows to try them on.
 */
final class Naive {
  private Naive() {}

  static void gemm(Matrix a, Matrix b, int from, int to, Matrix c) {
    for (int m = 0; m < c.rows; m++) {
      for (int n = from; n < to; n++) {
        for (int k = 0; k < a.cols; k++) {
          c.set(m, n, Math.fma(a.get(m, k), b.get(k, n), c.get(m, n)));
        }
      }
    }
  }

  static Matrix transposed(Matrix a) {
    Matrix t = Matrix.zeros(a.cols, a.rows);
    for (int r = 0; r < a.rows; r++) {
      for (int c = 0; c < a.cols; c++) {
        t.set(c, r, a.get(r, c));
      }
    }
    return t;
  }

  /** Random numbers in [-2, 2), in a window with an offset and a stride of its own. */
  static Matrix random(String name, int rows, int cols) {
    Matrix around = Matrix.zeros(rows + 2, cols + 7);
    RandomKey key = RandomKey.of(1).fold(name).fold(rows).fold(cols);
    for (int i = 0; i < around.data.length; i++) {
      around.data[i] = 4 * key.uniform(i) - 2;
    }
    return around.rowRange(1, rows + 1).columnRange(3, cols + 3);
  }

  /** The same window on a copy of the whole array. */
  static Matrix twin(Matrix m) {
    int cols = m.stride;
    return Matrix.of(m.data.length / cols, cols, m.data)
        .rowRange(m.offset / cols, m.offset / cols + m.rows)
        .columnRange(m.offset % cols, m.offset % cols + m.cols);
  }

  /** Equal bit for bit, around the window too; NaN is NaN, whatever its payload. */
  static void assertSame(String what, Matrix actual, Matrix expected) {
    for (int i = 0; i < expected.data.length; i++) {
      if (Float.floatToIntBits(actual.data[i]) != Float.floatToIntBits(expected.data[i])) {
        throw new AssertionError(
            "%s, row %d, column %d of the array: expected %s, got %s"
                .formatted(
                    what,
                    i / expected.stride,
                    i % expected.stride,
                    expected.data[i],
                    actual.data[i]));
      }
    }
  }
}
