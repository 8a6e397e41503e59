package dev.sluice.parameter;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/**
 * The initializers that {@link Initializer} makes, as values: equal ones fill alike, and layers that are
 * records compare by them.
 *
 * @param value limit, deviation, gain or factor of the kind; 0 where it has none
 */
record StandardInitializer(Kind kind, float value) implements Initializer {
  /** What is drawn. */
  enum Kind {
    CONSTANT,
    UNIFORM,
    NORMAL,
    GLOROT_UNIFORM,
    GLOROT_NORMAL,
    ORTHOGONAL,
    UNIFORM_UNIT_SCALING,
    UNIT_FORGET_BIAS
  }

  @Override
  public void fill(Matrix m, RandomKey key) {
    switch (kind) {
      case CONSTANT -> m.fill(value);
      case UNIFORM -> uniform(m, value, key);
      case NORMAL -> normal(m, value, key);
      case GLOROT_UNIFORM -> uniform(m, (float) Math.sqrt(6.0 / (m.rows + m.cols)), key);
      case GLOROT_NORMAL -> normal(m, (float) Math.sqrt(2.0 / (m.rows + m.cols)), key);
      case ORTHOGONAL -> OrthogonalMatrix.fill(m, value, key);
      case UNIFORM_UNIT_SCALING -> uniform(m, (float) (value * Math.sqrt(3.0 / m.rows)), key);
      case UNIT_FORGET_BIAS -> unitForgetBias(m);
    }
  }

  private static void uniform(Matrix m, float limit, RandomKey key) {
    long index = 0;
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        m.set(r, c, (2 * key.uniform(index++) - 1) * limit);
      }
    }
  }

  private static void normal(Matrix m, float deviation, RandomKey key) {
    long index = 0;
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        m.set(r, c, (float) (deviation * key.normal(index++)));
      }
    }
  }

  private static void unitForgetBias(Matrix m) {
    if (m.rows != 1 || m.cols % 4 != 0) {
      throw new IllegalArgumentException(
          ("unit_forget_bias is for the bias of an LSTM, (1, 4H), not for (%d, %d);"
                  + " is it a weight, or the bias of a cell without forget gate?")
              .formatted(m.rows, m.cols));
    }
    int hidden = m.cols / 4;
    m.fill(0);
    m.columnRange(hidden, 2 * hidden).fill(1);
  }
}
