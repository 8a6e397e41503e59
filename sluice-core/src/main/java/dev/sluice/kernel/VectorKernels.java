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

  /**
   * Rows of b that {@link #gemmTransposed} packs at a time: 64 KB, a part of a second-level cache.
   */
  private static final int DEPTH = 256;

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
    repack(b, transpose, panels);
    return panels;
  }

  @Override
  public void repack(Matrix b, boolean transpose, PackedMatrix into) {
    VectorPanels panels = (VectorPanels) into;
    if (transpose) {
      panels.copyTransposed(b);
    } else {
      panels.copy(b);
    }
  }

  @Override
  public void gemm(Matrix a, PackedMatrix b, int from, int to, Matrix c) {
    VectorPanels panels = (VectorPanels) b;
    Strided left = Strided.of(a);
    for (int column = from; column < to; column += PANEL) {
      addPanel(left, 0, panels.data, panels.panel(column), a.cols, c, column);
    }
  }

  @Override
  public void gemmTransposed(Matrix a, Matrix b, Matrix c) {
    VectorPanels panel = scratch.get().panel;
    Strided left = Strided.transposed(a);
    for (int k = 0; k < b.rows; k += DEPTH) {
      for (int column = 0; column < b.cols; column += PANEL) {
        panel.copyPanel(b, k, column);
        addPanel(left, k, panel.data, panel.panel(0), Math.min(DEPTH, b.rows - k), c, column);
      }
    }
  }

  /**
   * c += a · panel for the columns of c from {@code column} on, as far as the panel or c goes. The
   * panel's first row meets column {@code k} of a.
   */
  private void addPanel(Strided a, int k, float[] b, int panel, int depth, Matrix c, int column) {
    int width = Math.min(PANEL, c.cols - column);
    // Four vectors by more than two rows need more than the 16 registers of narrow machines.
    boolean wide = LANES == 16 || c.rows <= 2;
    for (int n = 0; n < width; ) {
      int vectors = wide && width - n > 2 * LANES ? 4 : 2;
      addColumns(vectors, a, k, b, panel + n, depth, c, column + n);
      n += vectors * LANES;
    }
  }

  /**
   * The rows of c in tiles of nearly equal height: 7 is 4 and 3, not 6 and 1, which would waste
   * registers.
   */
  private void addColumns(
      int vectors, Strided a, int k, float[] b, int j, int depth, Matrix c, int column) {
    boolean partial = c.cols - column < vectors * LANES;
    int tiles = Math.ceilDiv(c.rows, TILE_ROWS);
    for (int m = 0; tiles > 0; tiles--) {
      int rows = Math.ceilDiv(c.rows - m, tiles);
      if (partial) {
        addPartialTile(vectors, rows, a, a.at(m, k), b, j, depth, c, m, column);
      } else {
        addTile(vectors, rows, a, a.at(m, k), b, j, depth, c.data, c.at(m) + column, c.stride);
      }
      m += rows;
    }
  }

  /**
   * A tile that is wider than what is left of c works on a copy: no masks, and nothing beyond c is
   * touched.
   */
  private void addPartialTile(
      int vectors,
      int rows,
      Strided a,
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
      Strided a,
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
    private final VectorPanels panel = new VectorPanels(DEPTH, PANEL);
    private final float[] tile = new float[TILE_ROWS * PANEL];
    private final float[] rest = new float[Math.max(VectorActivations.PAIR, VectorSums.SUMS)];
  }
}
