package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;

import dev.sluice.matrix.Matrix;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarKernels}. Loading this class
 * needs the module jdk.incubator.vector: only {@link KernelProvider} names it.
 *
 * <p>A product is cut into register tiles of up to six rows and two or four vectors. A lane is one
 * column of the output, so that no sum crosses lanes; blocks along k store their tile and load it
 * again, which changes no bit.
 */
final class VectorKernels implements Kernels {
  private static final int TILE_ROWS = 6;

  /** Rows of the left operand of {@link #gemm} that stay in the second-level cache from panel to panel. */
  private static final int BLOCK_ROWS = 384;

  /** Rows of a panel that are walked before all others' are. */
  private static final int BLOCK_DEPTH = 1024;

  /**
   * Blocks that {@link #gemmTransposed} packs of both operands: three quarters of a megabyte in all,
   * and of b runs that are long enough for memory to keep up.
   */
  private static final int PACKED_ROWS = 240;

  private static final int PACKED_COLS = 2 * PANEL;
  private static final int PACKED_DEPTH = 512;

  /** Steps along k that are transposed together: one cache line of each row. */
  private static final int STRIP = 16;

  /** Floats from row to row of a strip: not a power of two, like {@link Scratch#transposed}. */
  private static final int STRIP_ROW = PACKED_ROWS + STRIP;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  @Override
  public String name() {
    return "vector, " + VectorLanes.SPECIES.vectorBitSize() + " bit";
  }

  @Override
  public StepKernels steps() {
    return new VectorStepKernels();
  }

  @Override
  public PackedMatrix pack(Matrix b, boolean transpose) {
    VectorPanels panels =
        transpose ? new VectorPanels(b.cols, b.rows) : new VectorPanels(b.rows, b.cols);
    repack(b, transpose, panels, 0, panels.cols());
    return panels;
  }

  @Override
  public void repack(Matrix b, boolean transpose, PackedMatrix into, int from, int to) {
    VectorPanels panels = (VectorPanels) into;
    if (transpose) {
      panels.copyTransposed(b, from, to);
    } else {
      panels.copy(b, 0, b.rows, from, to - from, from);
    }
  }

  @Override
  public void gemm(Matrix a, PackedMatrix b, int from, int to, Matrix c) {
    VectorPanels panels = (VectorPanels) b;
    int rowBlocks = Math.ceilDiv(c.rows, BLOCK_ROWS);
    int depthBlocks = Math.ceilDiv(a.cols, BLOCK_DEPTH);
    for (int kBlock = 0; kBlock < depthBlocks; kBlock++) {
      int k = bound(a.cols, kBlock, depthBlocks);
      int depth = bound(a.cols, kBlock + 1, depthBlocks) - k;
      for (int mBlock = 0; mBlock < rowBlocks; mBlock++) {
        int m = bound(c.rows, mBlock, rowBlocks);
        int rows = bound(c.rows, mBlock + 1, rowBlocks) - m;
        for (int column = from; column < to; column += PANEL) {
          int panel = panels.panel(column) + k * PANEL;
          addPanel(a, a.at(m) + k, panels.data, panel, depth, c, m, rows, column);
        }
      }
    }
  }

  /** Where block {@code i} of {@code blocks} nearly equal ones begins. */
  private static int bound(int length, int i, int blocks) {
    return (int) ((long) length * i / blocks);
  }

  @Override
  public void gemmTransposed(Matrix a, Matrix b, Matrix c) {
    Scratch memory = scratch.get();
    int rowBlocks = Math.ceilDiv(c.rows, PACKED_ROWS);
    int depthBlocks = Math.ceilDiv(b.rows, PACKED_DEPTH);
    for (int kBlock = 0; kBlock < depthBlocks; kBlock++) {
      int k = bound(b.rows, kBlock, depthBlocks);
      int depth = bound(b.rows, kBlock + 1, depthBlocks) - k;
      for (int mBlock = 0; mBlock < rowBlocks; mBlock++) {
        int m = bound(c.rows, mBlock, rowBlocks);
        int rows = bound(c.rows, mBlock + 1, rowBlocks) - m;
        memory.transpose(a, k, depth, m, rows);
        for (int first = 0; first < b.cols; first += PACKED_COLS) {
          int cols = Math.min(PACKED_COLS, b.cols - first);
          memory.panels.copy(b, k, depth, first, cols, 0);
          for (int column = 0; column < cols; column += PANEL) {
            int panel = memory.panels.panel(column);
            addPanel(
                memory.transposed, 0, memory.panels.data, panel, depth, c, m, rows, first + column);
          }
        }
      }
    }
  }

  /**
   * c += a · panel for {@code height} rows of c from {@code top} on, and its columns from {@code column} on, as far as
   * the panel or c goes.
   *
   * @param i the first element of a
   */
  private void addPanel(
      Matrix a, int i, float[] b, int panel, int depth, Matrix c, int top, int height, int column) {
    int width = Math.min(PANEL, c.cols - column);
    // Four vectors by more than two rows need more than the 16 registers of narrow machines.
    boolean wide = LANES == 16 || height <= 2;
    for (int n = 0; n < width; ) {
      int vectors = wide && width - n > 2 * LANES ? 4 : 2;
      addColumns(vectors, a, i, b, panel + n, depth, c, top, height, column + n);
      n += vectors * LANES;
    }
  }

  /**
   * The rows of c in tiles of nearly equal height: 7 is 4 and 3, not 6 and 1, which would waste
   * registers.
   */
  private void addColumns(
      int vectors,
      Matrix a,
      int i,
      float[] b,
      int j,
      int depth,
      Matrix c,
      int top,
      int height,
      int column) {
    boolean partial = c.cols - column < vectors * LANES;
    int tiles = Math.ceilDiv(height, TILE_ROWS);
    int m = top;
    int at = i;
    for (; tiles > 0; tiles--) {
      int rows = Math.ceilDiv(top + height - m, tiles);
      if (partial) {
        addPartialTile(vectors, rows, a, at, b, j, depth, c, m, column);
      } else {
        addTile(vectors, rows, a, at, b, j, depth, c.data, c.at(m) + column, c.stride);
      }
      m += rows;
      at += rows * a.stride;
    }
  }

  /**
   * A tile that is wider than what is left of c works on a copy: no masks, and nothing beyond c is
   * touched.
   */
  private void addPartialTile(
      int vectors,
      int rows,
      Matrix a,
      int i,
      float[] b,
      int j,
      int depth,
      Matrix c,
      int m,
      int column) {
    float[] tile = scratch.get().tile;
    int width = c.cols - column;
    for (int r = 0; r < rows; r++) {
      System.arraycopy(c.data, c.at(m + r) + column, tile, r * PANEL, width);
    }
    addTile(vectors, rows, a, i, b, j, depth, tile, 0, PANEL);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(tile, r * PANEL, c.data, c.at(m + r) + column, width);
    }
  }

  private static void addTile(
      int vectors,
      int rows,
      Matrix a,
      int i,
      float[] b,
      int j,
      int depth,
      float[] c,
      int t,
      int stride) {
    if (vectors == 4) {
      VectorTiles4.add(rows, a, i, b, j, depth, c, t, stride);
    } else {
      VectorTiles2.add(rows, a, i, b, j, depth, c, t, stride);
    }
  }

  @Override
  public void sigmoid(Matrix x, Matrix y) {
    float[] rest = scratch.get().rest;
    for (int r = 0; r < x.rows; r++) {
      VectorActivations.sigmoid(x.data, x.at(r), y.data, y.at(r), x.cols, rest);
    }
  }

  @Override
  public void tanh(Matrix x, Matrix y) {
    float[] rest = scratch.get().rest;
    for (int r = 0; r < x.rows; r++) {
      VectorActivations.tanh(x.data, x.at(r), y.data, y.at(r), x.cols, rest);
    }
  }

  @Override
  public void exp(Matrix x, Matrix y) {
    float[] rest = scratch.get().rest;
    for (int r = 0; r < x.rows; r++) {
      VectorActivations.exp(x.data, x.at(r), y.data, y.at(r), x.cols, rest);
    }
  }

  @Override
  public void add(float[] x, int from, float[] y, int to, int length) {
    VectorSums.add(x, from, y, to, length);
  }

  @Override
  public float max(float[] data, int offset, int length) {
    return VectorSums.max(data, offset, length);
  }

  @Override
  public void dropNegligible(Matrix x) {
    for (int r = 0; r < x.rows; r++) {
      VectorGates.dropNegligible(x.data, x.at(r), x.cols);
    }
  }

  @Override
  public float sum(float[] data, int offset, int length) {
    return VectorSums.sum(data, offset, length, scratch.get().rest);
  }

  @Override
  public void lstmGates(Matrix z, Matrix c, Matrix tanhC, Matrix h) {
    float[] rest = scratch.get().rest;
    for (int r = 0; r < c.rows; r++) {
      VectorGates.lstm(z, c, tanhC, h, r, rest);
    }
  }

  @Override
  public void lstmGatesBackward(Matrix gates, Matrix cBefore, Matrix tanhC, Matrix dh, Matrix dc) {
    for (int r = 0; r < dc.rows; r++) {
      VectorGates.lstmBackward(gates, cBefore, tanhC, dh, dc, r);
    }
  }

  @Override
  public void gruGates(Matrix zx, Matrix zh, Matrix hBefore, Matrix h) {
    float[] rest = scratch.get().rest;
    for (int r = 0; r < h.rows; r++) {
      VectorGates.gru(zx, zh, hBefore, h, r, rest);
    }
  }

  @Override
  public void gruGatesBackward(
      Matrix gates, Matrix zh, Matrix hBefore, Matrix dh, Matrix dhBefore) {
    for (int r = 0; r < dh.rows; r++) {
      VectorGates.gruBackward(gates, zh, hBefore, dh, dhBefore, r);
    }
  }

  /** What one thread needs to work; no product's size changes it. */
  private static final class Scratch {
    private final VectorPanels panels = new VectorPanels(PACKED_DEPTH, PACKED_COLS);
    private final Matrix
        transposed = // rows a power of two apart would push each other out of the cache
        Matrix.zeros(PACKED_ROWS, PACKED_DEPTH + STRIP);
    private final float[] strip = new float[STRIP * STRIP_ROW];
    private final float[] tile = new float[TILE_ROWS * PANEL];
    private final float[] rest = new float[Math.max(VectorActivations.PAIR, VectorSums.SUMS)];

    /**
     * Takes rows {@code k} and on of a, columns {@code m} and on, as the left operand of {@code rows} by {@code depth}.
     * By way of a strip that is near, because a may be far away and memory is read fastest along rows.
     */
    void transpose(Matrix a, int k, int depth, int m, int rows) {
      for (int first = 0; first < depth; first += STRIP) {
        int length = Math.min(STRIP, depth - first);
        for (int i = 0; i < length; i++) {
          System.arraycopy(a.data, a.at(k + first + i) + m, strip, i * STRIP_ROW, rows);
        }
        for (int r = 0; r < rows; r++) {
          copyColumn(strip, r, transposed.data, transposed.at(r) + first, length);
        }
      }
    }

    private static void copyColumn(float[] strip, int column, float[] to, int at, int length) {
      for (int i = 0; i < length; i++) {
        to[at + i] = strip[i * STRIP_ROW + column];
      }
    }
  }
}
