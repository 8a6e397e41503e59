package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;

/**
 * A right operand in panels of {@link Kernels#PANEL} columns, each k by k: {@code [panel][k][64]},
 * the last panel padded with zeros.
 *
 * <p>Walking down k reads memory in order, and one row of a panel is four cache lines. The layout
 * is the same for every vector width.
 */
final class VectorPanels implements PackedMatrix {
  private static final int PANEL = Kernels.PANEL;

  /**
   * Floats of an array start 16 bytes into the object: 12 more, and large arrays are aligned to
   * cache lines.
   */
  private static final int ALIGNMENT = 12;

  /** Rows and columns that are taken over together: a cache line of each, and as many streams as memory keeps up with. */
  private static final int STRIP = 16;

  final float[] data;
  private final int rows;
  private final int cols;

  VectorPanels(int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
    int panels = Math.ceilDiv(cols, PANEL);
    this.data =
        new float
            [Math.addExact(ALIGNMENT, Math.multiplyExact(Math.multiplyExact(panels, PANEL), rows))];
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  /** Index in {@link #data} of row 0 of the panel that starts with column {@code column}. */
  int panel(int column) {
    return ALIGNMENT + column * rows;
  }

  /**
   * Takes over {@code depth} rows of {@code b} from {@code row} on, {@code width} columns from {@code column} on, as columns from
   * {@code to} on. Some rows side by side, so that both sides are long runs of memory.
   */
  void copy(Matrix b, int row, int depth, int column, int width, int to) {
    for (int first = 0; first < depth; first += STRIP) {
      int end = Math.min(depth, first + STRIP);
      for (int n = 0; n < width; n += PANEL) {
        int length = Math.min(PANEL, width - n);
        for (int k = first; k < end; k++) {
          System.arraycopy(
              b.data, b.at(row + k) + column + n, data, panel(to + n) + k * PANEL, length);
        }
      }
    }
  }

  /** Takes over rows {@code from} to {@code to} of {@code b} as columns. */
  void copyTransposed(Matrix b, int from, int to, VectorTranspose transposer) {
    for (int first = from; first < to; first += STRIP) {
      int width = Math.min(STRIP, to - first);
      int column = panel(first - first % PANEL) + first % PANEL;
      for (int k = 0; k < rows; k += STRIP) {
        int depth = Math.min(STRIP, rows - k);
        int into = column + k * PANEL;
        transposer.transpose(b.data, b.at(first) + k, b.stride, width, depth, data, into, PANEL);
      }
    }
  }
}
