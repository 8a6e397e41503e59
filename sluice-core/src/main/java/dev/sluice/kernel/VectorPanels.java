package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.FIRST;
import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.load;

import dev.sluice.matrix.Matrix;

/**
 * A right operand in panels of {@link #WIDTH} columns, each k by k: {@code [panel][k][32]}, the last
 * panel padded with zeros.
 *
 * <p>Walking down k reads memory in order, and one row of a panel is two cache lines: what the tallest tile
 * needs of it, so that weights from far away arrive no faster than they are used. Every other panel is in another array, so
 * that two that are side by side have the same index. The layout is the same for every vector width.
 */
final class VectorPanels implements PackedMatrix {
  static final int WIDTH = 32;

  /** Rows and columns that are taken over together: a cache line of each, and as many streams as memory keeps up with. */
  private static final int STRIP = 16;

  private final float[] even;
  private final float[] odd;
  private final int rows;
  private final int cols;

  VectorPanels(int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
    this.even = panels(Math.ceilDiv(cols, 2 * WIDTH));
    this.odd = panels(Math.ceilDiv(cols - WIDTH, 2 * WIDTH));
  }

  private float[] panels(int count) {
    return new float
        [Math.addExact(FIRST, Math.multiplyExact(Math.multiplyExact(count, WIDTH), rows))];
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  /** The array that has a column's panel. */
  float[] data(int column) {
    return column / WIDTH % 2 == 0 ? even : odd;
  }

  /** Index in {@link #data} of row {@code k} of a column: columns go on side by side to the end of their panel. */
  int at(int k, int column) {
    return FIRST + column / (2 * WIDTH) * WIDTH * rows + k * WIDTH + column % WIDTH;
  }

  /**
   * Takes over {@code depth} rows of {@code b} from {@code row} on, {@code width} columns from {@code column} on, as columns from
   * {@code to} on. Some rows side by side, so that both sides are long runs of memory.
   */
  void copy(Matrix b, int row, int depth, int column, int width, int to) {
    for (int first = 0; first < depth; first += STRIP) {
      int strip = Math.min(STRIP, depth - first);
      for (int n = 0; n < width; n += WIDTH) {
        int from = b.at(row + first) + column + n;
        int length = Math.min(WIDTH, width - n);
        if (length == WIDTH) {
          copyWhole(b.data, from, b.stride, strip, data(to + n), at(first, to + n));
        } else {
          for (int k = 0; k < strip; k++) {
            int into = at(first + k, to + n);
            System.arraycopy(b.data, from + k * b.stride, data(to + n), into, length);
          }
        }
      }
    }
  }

  /** Whole rows of a panel: a general copy of so few numbers takes half as long again. */
  private static void copyWhole(float[] b, int from, int stride, int rows, float[] data, int to) {
    for (int k = 0; k < rows; k++) {
      for (int i = 0; i < WIDTH; i += LANES) {
        load(b, from + k * stride + i).intoArray(data, to + k * WIDTH + i);
      }
    }
  }

  /** Takes over rows {@code from} to {@code to} of {@code b} as columns. */
  void copyTransposed(Matrix b, int from, int to, VectorTranspose transposer) {
    for (int first = from; first < to; first += STRIP) {
      int width = Math.min(STRIP, to - first);
      for (int k = 0; k < rows; k += STRIP) {
        int depth = Math.min(STRIP, rows - k);
        int into = at(k, first);
        transposer.transpose(
            b.data, b.at(first) + k, b.stride, width, depth, data(first), into, WIDTH);
      }
    }
  }
}
