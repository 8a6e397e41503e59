package dev.sluice.examples;

import dev.sluice.matrix.Matrix;
import java.util.Locale;

/** Prints shapes and numbers, which is all that the originals do. */
final class Show {
  private Show() {}

  /** A line; numbers have a point, whatever the locale. */
  static void line(String format, Object... numbers) {
    System.out.println(String.format(Locale.ROOT, format, numbers));
  }

  /** A matrix, (rows, cols). */
  static void matrix(String name, Matrix m) {
    line("%s (%d, %d)", name, m.rows, m.cols);
    rows(m);
  }

  /** Padded sequences, (outer, inner, features), whose rows lie one below the other in {@code m}. */
  static void sequences(String name, int outer, int inner, Matrix m) {
    line("%s (%d, %d, %d)", name, outer, inner, m.cols);
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
