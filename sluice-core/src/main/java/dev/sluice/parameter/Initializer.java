package dev.sluice.parameter;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/** Fills a parameter with its first values. {@code m} is in memory order: (in, out) for a weight. */
@FunctionalInterface
public interface Initializer {
  void fill(Matrix m, RandomKey key);

  /** Every element {@code value}. */
  static Initializer constant(float value) {
    return (m, key) -> m.fill(value);
  }

  /** Uniform in [-bound, bound). PyTorch's recurrent layers take 1/√H, its dense layers 1/√in. */
  static Initializer uniform(float bound) {
    return (m, key) -> {
      long index = 0;
      for (int r = 0; r < m.rows; r++) {
        for (int c = 0; c < m.cols; c++) {
          m.set(r, c, (2 * key.uniform(index++) - 1) * bound);
        }
      }
    };
  }

  /** Normal with mean 0 (Box and Muller 1958). PyTorch's embeddings take a deviation of 1. */
  static Initializer normal(float deviation) {
    return (m, key) -> {
      long index = 0;
      for (int r = 0; r < m.rows; r++) {
        for (int c = 0; c < m.cols; c++) {
          double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - key.uniform(index++)));
          double angle = 2 * Math.PI * key.uniform(index++);
          m.set(r, c, (float) (deviation * radius * StrictMath.cos(angle)));
        }
      }
    };
  }
}
