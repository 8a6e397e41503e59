package dev.sluice.matrix;

import java.util.Arrays;

/**
 * A row-major window of floats: element (r, c) lives at {@code data[offset + r * stride + c]}.
 *
 * <p>Windows share their array: {@link #rowRange} and {@link #columnRange} copy nothing, and writing through one
 * is seen through the other. A matrix knows its place in memory and nothing else; arithmetic is in the
 * kernels, gradients on the tape.
 *
 * <p>Not for tensors of higher rank: a batch of sequences is one matrix with a row for each step of
 * each sequence, see {@link Packing}.
 */
public final class Matrix {
  public final float[] data;
  public final int offset;
  public final int rows;
  public final int cols;
  public final int stride;

  private Matrix(float[] data, int offset, int rows, int cols, int stride) {
    this.data = data;
    this.offset = offset;
    this.rows = rows;
    this.cols = cols;
    this.stride = stride;
  }

  /**
   * A new matrix of zeros, {@code (rows, cols)}.
   *
   * @throws ArithmeticException when that is more than an array holds
   */
  public static Matrix zeros(int rows, int cols) {
    require(rows >= 0 && cols >= 0, "a matrix cannot be %d x %d", rows, cols);
    if ((long) rows * cols > Integer.MAX_VALUE) {
      throw new ArithmeticException(
          "a %d x %d matrix is more than one array holds".formatted(rows, cols));
    }
    return new Matrix(new float[rows * cols], 0, rows, cols, cols);
  }

  /** A new matrix holding {@code values} row by row. */
  public static Matrix of(int rows, int cols, float... values) {
    require(
        values.length == (long) rows * cols,
        "a %d x %d matrix takes %d values, got %d",
        rows,
        cols,
        (long) rows * cols,
        values.length);
    return new Matrix(values.clone(), 0, rows, cols, cols);
  }

  /** The window of {@code data} that starts at {@code offset}, its rows {@code cols} floats long and dense. */
  public static Matrix window(float[] data, int offset, int rows, int cols) {
    require(
        offset >= 0 && rows >= 0 && cols >= 0 && offset + (long) rows * cols <= data.length,
        "a %d x %d window at %d does not fit in %d floats",
        rows,
        cols,
        offset,
        data.length);
    return new Matrix(data, offset, rows, cols, cols);
  }

  /** Index in {@link #data} of the first element of row {@code r}. */
  public int at(int r) {
    return offset + r * stride;
  }

  public float get(int r, int c) {
    return data[index(r, c)];
  }

  public void set(int r, int c, float value) {
    data[index(r, c)] = value;
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), as a window. */
  public Matrix rowRange(int from, int to) {
    if (from < 0 || from > to || to > rows) {
      throw outside("rows", from, to, rows);
    }
    return new Matrix(data, offset + from * stride, to - from, cols, stride);
  }

  /** Columns {@code from} (inclusive) to {@code to} (exclusive), as a window. */
  public Matrix columnRange(int from, int to) {
    if (from < 0 || from > to || to > cols) {
      throw outside("columns", from, to, cols);
    }
    return new Matrix(data, offset + from, rows, to - from, stride);
  }

  /**
   * This one row as every row of a window of {@code rows} rows, to be read only; copies nothing, as PyTorch's
   * {@code expand}. A matrix that has so many rows already is returned as it is.
   */
  public Matrix expand(int rows) {
    if (rows == this.rows) {
      return this;
    }
    require(this.rows == 1, "%d rows cannot be expanded to %d, only one can", this.rows, rows);
    return new Matrix(data, offset, rows, cols, 0);
  }

  /** Overwrites every element with {@code value}. */
  public void fill(float value) {
    for (int r = 0; r < rows; r++) {
      Arrays.fill(data, at(r), at(r) + cols, value);
    }
  }

  /** Overwrites this window with the elements of {@code source}, which has the same shape. */
  public void copyFrom(Matrix source) {
    requireShape("source", source, rows, cols);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(source.data, source.at(r), data, at(r), cols);
    }
  }

  /** A dense copy with an array of its own. */
  public Matrix copy() {
    Matrix copy = zeros(rows, cols);
    copy.copyFrom(this);
    return copy;
  }

  /** The elements row by row, in a new array. */
  public float[] toArray() {
    return copy().data;
  }

  /** The column of the largest element of row {@code r}, the first of several; 0 when none is a number. */
  public int largestInRow(int r) {
    int largest = 0;
    for (int c = 1; c < cols; c++) {
      if (data[at(r) + c] > data[at(r) + largest]) {
        largest = c;
      }
    }
    return largest;
  }

  /** Fails unless {@code m} is {@code (rows, cols)}; {@code name} says in the message which argument it was. */
  public static void requireShape(String name, Matrix m, int rows, int cols) {
    if (m.rows != rows || m.cols != cols) {
      throw new IllegalArgumentException(
          "%s: expected (%d, %d), got (%d, %d)".formatted(name, rows, cols, m.rows, m.cols));
    }
  }

  @Override
  public String toString() {
    return "Matrix(" + rows + ", " + cols + ")";
  }

  private static IllegalArgumentException outside(String what, int from, int to, int length) {
    return new IllegalArgumentException(
        "%s %d to %d of a matrix with %d %s".formatted(what, from, to, length, what));
  }

  private int index(int r, int c) {
    require(
        r >= 0 && r < rows && c >= 0 && c < cols,
        "element (%d, %d) of a %d x %d matrix",
        r,
        c,
        rows,
        cols);
    return at(r) + c;
  }

  private static void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(arguments));
    }
  }
}
