package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;

import dev.sluice.matrix.Matrix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#gemmTransposed}: c += aᵀ · b, where a and b are long and c is small, as in the gradient of a weight over all
 * steps. Sums along k in order; a block along k stores its tiles and the next loads them again, which changes
 * no bit. Limited by multiply-adds, if c has a hundred rows or more; else by reading b.
 *
 * <p>Both operands are packed, block by block, into memory that is near: b in panels, and a in strips of
 * the six columns that {@link VectorPackedTiles} take. So a is read along its rows and never transposed.
 *
 * <p>An instance is one thread's; no product's size changes what it holds.
 */
final class VectorTransposedProduct {
  private static final int TILE_ROWS = VectorPackedTiles.ROWS;

  /** What is packed at a time: half a megabyte, and of b runs long enough for memory to keep up. */
  private static final int ROWS = 40 * TILE_ROWS;

  private static final int COLS = 4 * Kernels.PANEL;
  private static final int DEPTH = 256;

  /** Floats from strip to strip: a cache line more than 6 KB, or they would push each other out of the cache. */
  private static final int STRIP = DEPTH * TILE_ROWS + 16;

  /** Six floats are the first four and the last four of them, on every machine. */
  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

  private final float[] strips = new float[ROWS / TILE_ROWS * STRIP];
  private final VectorPanels panels = new VectorPanels(DEPTH, COLS);
  private final float[] tile = new float[TILE_ROWS * Kernels.PANEL];

  /** c += aᵀ · b. */
  void add(Matrix a, Matrix b, Matrix c) {
    int rowBlocks = Math.ceilDiv(c.rows, ROWS);
    int depthBlocks = Math.ceilDiv(b.rows, DEPTH);
    for (int kBlock = 0; kBlock < depthBlocks; kBlock++) {
      int k = VectorKernels.bound(b.rows, kBlock, depthBlocks);
      int depth = VectorKernels.bound(b.rows, kBlock + 1, depthBlocks) - k;
      for (int mBlock = 0; mBlock < rowBlocks; mBlock++) {
        int m = VectorKernels.bound(c.rows, mBlock, rowBlocks);
        int rows = VectorKernels.bound(c.rows, mBlock + 1, rowBlocks) - m;
        pack(a, k, depth, m, rows);
        for (int first = 0; first < b.cols; first += COLS) {
          int cols = Math.min(COLS, b.cols - first);
          if (mBlock == 0 || b.cols > COLS) { // else it is there already
            panels.copy(b, k, depth, first, cols, 0);
          }
          for (int column = 0; column < cols; column += Kernels.PANEL) {
            addPanel(panels.panel(column), depth, c, m, rows, first + column);
          }
        }
      }
    }
  }

  /** Columns {@code m} and on of a, its rows {@code k} and on, as strips. The last is filled up with what was there before. */
  private void pack(Matrix a, int k, int depth, int m, int rows) {
    int whole = rows - rows % TILE_ROWS;
    for (int i = 0; i < depth; i++) {
      int from = a.at(k + i) + m;
      int to = i * TILE_ROWS;
      for (int r = 0; r < whole; r += TILE_ROWS) {
        FloatVector.fromArray(FOUR, a.data, from + r).intoArray(strips, to);
        FloatVector.fromArray(FOUR, a.data, from + r + 2).intoArray(strips, to + 2);
        to += STRIP;
      }
      for (int r = whole; r < rows; r++) {
        strips[to + r - whole] = a.data[from + r];
      }
    }
  }

  /** c += what is packed of a · a panel of b, for {@code height} rows of c from {@code top} on, its columns from {@code column} on. */
  private void addPanel(int panel, int depth, Matrix c, int top, int height, int column) {
    int width = Math.min(Kernels.PANEL, c.cols - column);
    for (int n = 0; n < width; ) {
      // Four vectors by six rows need more than the 16 registers of narrow machines.
      int vectors = LANES == 16 && width - n > 2 * LANES ? 4 : 2;
      for (int m = 0; m < height; m += TILE_ROWS) {
        int rows = Math.min(TILE_ROWS, height - m);
        int strip = m / TILE_ROWS * STRIP;
        addTile(vectors, strip, panel + n, depth, c, top + m, rows, column + n);
      }
      n += vectors * LANES;
    }
  }

  /**
   * A tile that is larger than what is left of c works on a copy: no masks, and nothing beyond c is
   * touched.
   */
  private void addTile(
      int vectors, int strip, int j, int depth, Matrix c, int m, int rows, int column) {
    int width = Math.min(vectors * LANES, c.cols - column);
    if (rows == TILE_ROWS && width == vectors * LANES) {
      addTile(vectors, strip, j, depth, c.data, c.at(m) + column, c.stride);
      return;
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(c.data, c.at(m + r) + column, tile, r * Kernels.PANEL, width);
    }
    addTile(vectors, strip, j, depth, tile, 0, Kernels.PANEL);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(tile, r * Kernels.PANEL, c.data, c.at(m + r) + column, width);
    }
  }

  private void addTile(int vectors, int strip, int j, int depth, float[] c, int t, int stride) {
    if (vectors == 4) {
      VectorPackedTiles.add4(strips, strip, panels.data, j, depth, c, t, stride);
    } else {
      VectorPackedTiles.add2(strips, strip, panels.data, j, depth, c, t, stride);
    }
  }
}
