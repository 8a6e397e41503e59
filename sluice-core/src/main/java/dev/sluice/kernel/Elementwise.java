package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/**
 * Loops that treat each element alone, the same bits for every provider of {@link Kernels}. Shapes were checked
 * by the caller.
 *
 * <p>Plain Java, but for sums of rows: the JIT vectorises a loop over one window, and not one over two, which might
 * be windows of one array.
 */
public final class Elementwise {
  /** Floats of a cache line: threads write to different ones. */
  private static final int LINE = 16;

  /** Fewer elements are not worth handing out to threads. */
  private static final int MIN_SHARED = 1 << 15;

  private Elementwise() {}

  /** How many rows of {@code width} elements, a multiple of {@code step}, are worth a thread. */
  static int unit(int width, int step) {
    return (int) Math.ceilDiv(MIN_SHARED, Math.max(1, (long) width * step)) * step;
  }

  /** y += x. */
  public static void add(Kernels kernels, Matrix x, Matrix y) {
    for (int r = 0; r < y.rows; r++) {
      kernels.add(x.data, x.at(r), y.data, y.at(r), y.cols);
    }
  }

  /** y[0] += the sum of the rows of x, from the first to the last. */
  public static void addColumnSums(Kernels kernels, Workers workers, Matrix x, Matrix y) {
    workers.ranges(
        x.cols,
        unit(x.rows, LINE),
        (from, to) -> {
          for (int r = 0; r < x.rows; r++) {
            kernels.add(x.data, x.at(r) + from, y.data, y.at(0) + from, to - from);
          }
        });
  }

  /** y[i] = x[rows[i]]. */
  public static void gather(Matrix x, int[] rows, Matrix y) {
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(x.data, x.at(rows[i]), y.data, y.at(i), y.cols);
    }
  }

  /** y[rows[i]] += x[i], in the order of i. */
  public static void scatterAdd(Kernels kernels, Matrix x, int[] rows, Matrix y) {
    for (int i = 0; i < rows.length; i++) {
      kernels.add(x.data, x.at(i), y.data, y.at(rows[i]), y.cols);
    }
  }

  /** y += scale · x. */
  public static void addScaled(float scale, Matrix x, Matrix y) {
    for (int r = 0; r < y.rows; r++) {
      int rx = x.at(r);
      int ry = y.at(r);
      for (int c = 0; c < y.cols; c++) {
        y.data[ry + c] += scale * x.data[rx + c];
      }
    }
  }

  /** y = a ⊙ b, or a's one row ⊙ every row of b. */
  public static void mul(Matrix a, Matrix b, Matrix y) {
    for (int r = 0; r < y.rows; r++) {
      int ra = a.at(a.rows == 1 ? 0 : r);
      int rb = b.at(r);
      int ry = y.at(r);
      for (int c = 0; c < y.cols; c++) {
        y.data[ry + c] = a.data[ra + c] * b.data[rb + c];
      }
    }
  }

  /** y += a ⊙ b, where b may be one row for every row of a, and y one row that takes in all of them, from the first to the last. */
  public static void addMul(Matrix a, Matrix b, Matrix y) {
    for (int r = 0; r < a.rows; r++) {
      int ra = a.at(r);
      int rb = b.at(b.rows == 1 ? 0 : r);
      int ry = y.at(y.rows == 1 ? 0 : r);
      for (int c = 0; c < y.cols; c++) {
        y.data[ry + c] += a.data[ra + c] * b.data[rb + c];
      }
    }
  }

  /** dx += dy ⊙ (y ⊙ (1 - y)) for y = σ(x). */
  public static void addSigmoidGradient(Matrix dy, Matrix y, Matrix dx) {
    for (int r = 0; r < y.rows; r++) {
      for (int c = 0; c < y.cols; c++) {
        float s = y.data[y.at(r) + c];
        dx.data[dx.at(r) + c] += dy.data[dy.at(r) + c] * (s * (1 - s));
      }
    }
  }

  /** dx += dy ⊙ (1 - y ⊙ y) for y = tanh(x). */
  public static void addTanhGradient(Matrix dy, Matrix y, Matrix dx) {
    for (int r = 0; r < y.rows; r++) {
      for (int c = 0; c < y.cols; c++) {
        float s = y.data[y.at(r) + c];
        dx.data[dx.at(r) + c] += dy.data[dy.at(r) + c] * (1 - s * s);
      }
    }
  }

  /** y = max(0, x). */
  public static void relu(Matrix x, Matrix y) {
    for (int r = 0; r < y.rows; r++) {
      int rx = x.at(r);
      int ry = y.at(r);
      for (int c = 0; c < y.cols; c++) {
        y.data[ry + c] = Math.max(0, x.data[rx + c]);
      }
    }
  }

  /** dx += dy ⊙ (1 where x > 0, else 0) for y = max(0, x). */
  public static void addReluGradient(Matrix dy, Matrix x, Matrix dx) {
    for (int r = 0; r < x.rows; r++) {
      int ry = dy.at(r);
      int rx = x.at(r);
      int rdx = dx.at(r);
      for (int c = 0; c < x.cols; c++) {
        dx.data[rdx + c] += dy.data[ry + c] * (x.data[rx + c] > 0 ? 1 : 0);
      }
    }
  }

  /** Each element 1 with probability p, else 0. */
  public static void bernoulli(Workers workers, RandomKey key, float p, Matrix mask) {
    workers.ranges(
        mask.rows,
        unit(mask.cols, 1),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            key.bernoulli(p, (long) r * mask.cols, mask.data, mask.at(r), mask.cols);
          }
        });
  }

  /** Each element 0 with probability p, else 1 / (1 - p). */
  public static void dropoutMask(Workers workers, RandomKey key, float p, Matrix mask) {
    bernoulli(workers, key, p, mask);
    float keep = 1 / (1 - p);
    for (int r = 0; r < mask.rows; r++) {
      for (int i = mask.at(r); i < mask.at(r) + mask.cols; i++) {
        mask.data[i] = keep * (1 - mask.data[i]);
      }
    }
  }

  /** y = scale · y. */
  public static void scale(float scale, Matrix y) {
    for (int r = 0; r < y.rows; r++) {
      int row = y.at(r);
      for (int c = 0; c < y.cols; c++) {
        y.data[row + c] *= scale;
      }
    }
  }

  /** y += by, each element. */
  public static void shift(float by, Matrix y) {
    for (int r = 0; r < y.rows; r++) {
      int row = y.at(r);
      for (int c = 0; c < y.cols; c++) {
        y.data[row + c] += by;
      }
    }
  }
}
