package dev.sluice.tape;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;

/**
 * The arithmetic of {@link Var#normalizeRows}. Sums are those of {@link Kernels#sum}, so the bits do
 * not depend on the machine.
 *
 * <pre>
 *   y  = (x - mean(x))·s,  s = 1 / √(mean((x - mean(x))²) + epsilon)
 *   dx = s·(dy - mean(dy) - y·mean(dy ⊙ y))
 * </pre>
 */
final class RowNormalization {
  private RowNormalization() {}

  static void forward(Kernels kernels, Matrix x, float epsilon, Matrix y, Matrix scales) {
    for (int r = 0; r < x.rows; r++) {
      Matrix row = y.rowRange(r, r + 1);
      float mean = mean(kernels, x.rowRange(r, r + 1));
      for (int c = 0; c < x.cols; c++) {
        float centred = x.data[x.at(r) + c] - mean;
        row.data[row.offset + c] = centred * centred;
      }
      float scale = 1 / (float) Math.sqrt(mean(kernels, row) + epsilon);
      for (int c = 0; c < x.cols; c++) {
        row.data[row.offset + c] = (x.data[x.at(r) + c] - mean) * scale;
      }
      scales.set(r, 0, scale);
    }
  }

  /** Adds to dx; {@code products} is memory for one row. */
  static void backward(
      Kernels kernels, Matrix dy, Matrix y, Matrix scales, Matrix products, Matrix dx) {
    for (int r = 0; r < y.rows; r++) {
      Matrix dRow = dy.rowRange(r, r + 1);
      Matrix row = y.rowRange(r, r + 1);
      Elementwise.mul(dRow, row, products);
      float shift = mean(kernels, dRow);
      float tilt = mean(kernels, products);
      float scale = scales.get(r, 0);
      for (int c = 0; c < y.cols; c++) {
        float d = dRow.data[dRow.offset + c] - shift - row.data[row.offset + c] * tilt;
        dx.data[dx.at(r) + c] += scale * d;
      }
    }
  }

  private static float mean(Kernels kernels, Matrix row) {
    return kernels.sum(row.data, row.offset, row.cols) / row.cols;
  }
}
