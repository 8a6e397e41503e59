package dev.sluice.cell;

import dev.sluice.matrix.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A matrix of doubles with the arithmetic of {@link FormulaInterpreter}; a number is (1, 1). */
record Numbers(double[][] rows) {
  static Numbers of(double number) {
    return new Numbers(new double[][] {{number}});
  }

  static Numbers of(Matrix m) {
    double[][] rows = new double[m.rows][m.cols];
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        rows[r][c] = m.get(r, c);
      }
    }
    return new Numbers(rows);
  }

  int cols() {
    return rows[0].length;
  }

  boolean isNumber() {
    return rows.length == 1 && cols() == 1;
  }

  double number() {
    require(isNumber(), "a number was expected");
    return rows[0][0];
  }

  Numbers map(DoubleUnaryOperator f) {
    return with(this, (a, b) -> f.applyAsDouble(a));
  }

  /** f(this, b), element by element; what has one row or one column meets all of the other. */
  Numbers with(Numbers b, DoubleBinaryOperator f) {
    double[][] result = new double[common(rows.length, b.rows.length)][common(cols(), b.cols())];
    for (int r = 0; r < result.length; r++) {
      for (int c = 0; c < result[r].length; c++) {
        double left = rows[r % rows.length][c % cols()];
        result[r][c] = f.applyAsDouble(left, b.rows[r % b.rows.length][c % b.cols()]);
      }
    }
    return new Numbers(result);
  }

  private static int common(int a, int b) {
    require(a == b || a == 1 || b == 1, "sizes %d and %d do not fit", a, b);
    return Math.max(a, b);
  }

  /** The matrix product. */
  Numbers times(Numbers b) {
    require(cols() == b.rows.length, "%d columns times %d rows", cols(), b.rows.length);
    double[][] result = new double[rows.length][b.cols()];
    for (int r = 0; r < result.length; r++) {
      for (int c = 0; c < result[r].length; c++) {
        for (int k = 0; k < b.rows.length; k++) {
          result[r][c] += rows[r][k] * b.rows[k][c];
        }
      }
    }
    return new Numbers(result);
  }

  /** The mean of each row, one column. */
  Numbers rowMeans() {
    return new Numbers(
        Arrays.stream(rows)
            .map(row -> new double[] {Arrays.stream(row).average().orElseThrow()})
            .toArray(double[][]::new));
  }

  /** The columns in equal parts, from left to right. */
  List<Numbers> split(int parts) {
    int size = cols() / parts;
    require(size * parts == cols(), "%d columns in %d parts", cols(), parts);
    List<Numbers> result = new ArrayList<>();
    for (int from = 0; from < cols(); from += size) {
      int first = from;
      result.add(
          new Numbers(
              Arrays.stream(rows)
                  .map(row -> Arrays.copyOfRange(row, first, first + size))
                  .toArray(double[][]::new)));
    }
    return result;
  }

  static void require(boolean holds, String what, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException("not a formula: " + what.formatted(arguments));
    }
  }
}
