package dev.sluice.examples;

import dev.sluice.matrix.Matrix;
import java.util.Locale;

/** Prints shapes and numbers, which is all that the originals do. */
final class Show {
  private Show() {}

  /** A matrix, (rows, cols). */
  static void matrix(String name, Matrix m) {
    System.out.printf("%s (%d, %d)%n", name, m.rows, m.cols);
    rows(m);
  }

  /** Padded sequences, (outer, inner, features), whose rows lie one below the other in {@code m}. */
  static void sequences(String name, int outer, int inner, Matrix m) {
    System.out.printf("%s (%d, %d, %d)%n", name, outer, inner, m.cols);
    rows(m);
  }

  private static void rows(Matrix m) {
    for (int r = 0; r < m.rows; r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < m.cols; c++) {
        line.append(String.format(Locale.ROOT, "%10.5f", m.get(r, c)));
      }
      System.out.println(line);
    }
  }
}
