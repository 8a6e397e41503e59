package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;

/**
 * The left operand of a product, whichever way it lies in memory: element (m, k) is at {@code
 * offset + m * row + k * step}. So one set of loops serves a · b and aᵀ · b. Not a matrix for
 * anyone else.
 */
final class Strided {
  final float[] data;
  final int offset;
  final int row;
  final int step;

  private Strided(float[] data, int offset, int row, int step) {
    this.data = data;
    this.offset = offset;
    this.row = row;
    this.step = step;
  }

  static Strided of(Matrix a) {
    return new Strided(a.data, a.offset, a.stride, 1);
  }

  static Strided transposed(Matrix a) {
    return new Strided(a.data, a.offset, 1, a.stride);
  }

  /** Index in {@link #data} of element (m, k). */
  int at(int m, int k) {
    return offset + m * row + k * step;
  }
}
