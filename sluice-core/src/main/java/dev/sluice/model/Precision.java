package dev.sluice.model;

import dev.sluice.matrix.Matrix;

/** The numbers in which a {@link StreamingModel} holds its weights. Biases, states and sums are always float32. */
public enum Precision {
  /** Weights as they are. */
  FLOAT32,
  /**
   * Weights rounded to bfloat16, the upper half of a float32: half the memory to read in each step, and
   * three significant digits instead of seven.
   */
  BFLOAT16;

  private static final int HALF = 0x7FFF;
  private static final int UPPER = 0xFFFF0000;

  /** Rounds every element in place: to nearest, ties to even. */
  void round(Matrix m) {
    if (this == BFLOAT16) {
      for (int r = 0; r < m.rows; r++) {
        for (int c = 0; c < m.cols; c++) {
          m.set(r, c, toBfloat16(m.get(r, c)));
        }
      }
    }
  }

  private static float toBfloat16(float x) {
    int bits = Float.floatToRawIntBits(x);
    int toEven = bits >>> Short.SIZE & 1;
    return Float.isNaN(x) ? Float.NaN : Float.intBitsToFloat(bits + HALF + toEven & UPPER);
  }
}
