package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;

import dev.sluice.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarKernels}. Loading this class
 * needs the module jdk.incubator.vector: only {@link KernelProvider} names it.
 *
 * <p>A product is cut into register tiles of up to six rows and two or four vectors, or twelve and two. A lane is one
 * column of the output, so that no sum crosses lanes; blocks along k store their tile and load it
 * again, which changes no bit.
 */
final class VectorKernels implements Kernels {
  /**
   * Floats of a block of the left operand of {@link #gemm}, for which each panel is read once: many rows hide the
   * reading, and half a megabyte stays in the second-level cache beside a panel.
   */
  private static final int BLOCK_FLOATS = 1 << 17;

  /** Floats of the right operand that a row of tiles reads before the next does: a quarter of a megabyte, which stays near. */
  private static final int NEAR_FLOATS = 1 << 16;

  /** Floats of a right operand that is far away: a megabyte. */
  private static final int FAR_FLOATS = 1 << 18;

  /** With more rows it matters little how a far right operand arrives. */
  private static final int FEW_ROWS = 64;

  /** Columns of the right operand that {@link #gemmTransposed} packs at a time, half a megabyte. */
  private static final int PACKED_COLS = 4 * PANEL;

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
      panels.copyTransposed(b, from, to, scratch.get().transposer);
    } else {
      panels.copy(b, 0, b.rows, from, to - from, from);
    }
  }

  @Override
  public void gemm(Matrix start, Matrix a, PackedMatrix b, int from, int to, Matrix c) {
    VectorPanels panels = (VectorPanels) b;
    VectorLeft left = scratch.get().left(0);
    int depthBlocks = Math.max(1, Math.ceilDiv(a.cols, VectorLeft.MAX_DEPTH));
    int blockRows = BLOCK_FLOATS / Math.max(1, Math.ceilDiv(a.cols, depthBlocks));
    int rowBlocks = Math.ceilDiv(c.rows, Math.clamp(blockRows, 1, VectorLeft.MAX_ROWS));
    boolean tall = LANES == 16 && c.rows <= FEW_ROWS && (long) b.rows() * b.cols() >= FAR_FLOATS;
    for (int kBlock = 0; kBlock < depthBlocks; kBlock++) {
      int k = bound(a.cols, kBlock, depthBlocks);
      int depth = bound(a.cols, kBlock + 1, depthBlocks) - k;
      Matrix sums = kBlock == 0 ? start : c;
      for (int mBlock = 0; mBlock < rowBlocks; mBlock++) {
        int m = bound(c.rows, mBlock, rowBlocks);
        left.copy(a, m, bound(c.rows, mBlock + 1, rowBlocks) - m, k, depth, tall);
        int near = Math.max(1, NEAR_FLOATS / (PANEL * Math.max(1, depth))) * PANEL;
        for (int first = from; first < to; first += near) {
          multiply(sums, left, panels, k, first, Math.min(to, first + near), c, m, 0);
        }
      }
    }
  }

  /** Where block {@code i} of {@code blocks} nearly equal ones begins. */
  private static int bound(int length, int i, int blocks) {
    return (int) ((long) length * i / blocks);
  }

  @Override
  public void gemmTransposed(List<Matrix> a, Matrix b, List<Matrix> c) {
    VectorPanels right = scratch.get().right;
    int rowBlocks = 0;
    for (int i = 0; i < c.size(); i++) {
      rowBlocks = Math.max(rowBlocks, Math.ceilDiv(c.get(i).rows, VectorLeft.MAX_ROWS));
    }
    int depthBlocks = Math.ceilDiv(b.rows, VectorLeft.MAX_DEPTH);
    for (int kBlock = 0; kBlock < depthBlocks; kBlock++) {
      int k = bound(b.rows, kBlock, depthBlocks);
      int depth = bound(b.rows, kBlock + 1, depthBlocks) - k;
      for (int mBlock = 0; mBlock < rowBlocks; mBlock++) {
        for (int i = 0; i < a.size(); i++) {
          int m = bound(c.get(i).rows, mBlock, rowBlocks);
          int rows = bound(c.get(i).rows, mBlock + 1, rowBlocks) - m;
          scratch.get().left(i).transpose(a.get(i), k, depth, m, rows);
        }
        for (int first = 0; first < b.cols; first += PACKED_COLS) {
          int cols = Math.min(PACKED_COLS, b.cols - first);
          right.copy(b, k, depth, first, cols, 0);
          for (int i = 0; i < c.size(); i++) {
            int m = bound(c.get(i).rows, mBlock, rowBlocks);
            multiply(c.get(i), scratch.get().left(i), right, 0, 0, cols, c.get(i), m, first);
          }
        }
      }
    }
  }

  /**
   * c = start + left · right for columns {@code from} to {@code to} of right, from row {@code k} of it on, and as many
   * rows as left has: c from row {@code top} on, and {@code shift} columns further right. Row by row of tiles, because c is often far
   * away, and memory is written fastest along rows.
   */
  private void multiply(
      Matrix start,
      VectorLeft left,
      VectorPanels right,
      int k,
      int from,
      int to,
      Matrix c,
      int top,
      int shift) {
    // Four vectors by more than two rows need more than the 16 registers of narrow machines.
    boolean wide = LANES == 16 || left.top(1) <= 2;
    int end = Math.min(to, c.cols - shift);
    for (int tile = 0; tile < left.tiles(); tile++) {
      int m = top + left.top(tile);
      int rows = top + left.top(tile + 1) - m;
      float[] a = left.tile(tile);
      boolean tall = rows > VectorLeft.TILE_ROWS;
      for (int n = from; n < end; ) {
        int vectors = wide && !tall && end - n > 2 * LANES ? 4 : 2;
        multiplyTile(vectors, rows, left.depth(), start, a, right, k, n, c, m, shift + n);
        n += vectors * LANES;
      }
    }
  }

  private void multiplyTile(
      int vectors,
      int rows,
      int depth,
      Matrix start,
      float[] a,
      VectorPanels right,
      int k,
      int n,
      Matrix c,
      int m,
      int column) {
    if (c.cols - column < vectors * LANES) {
      multiplyPartialTile(vectors, rows, depth, start, a, right, k, n, c, m, column);
    } else {
      int from = start.at(m) + column;
      int to = c.at(m) + column;
      multiplyTile(
          vectors,
          rows,
          depth,
          start.data,
          from,
          start.stride,
          a,
          right,
          k,
          n,
          c.data,
          to,
          c.stride);
    }
  }

  /**
   * A tile that is wider than what is left of c works on a copy: no masks, and nothing beyond c is
   * touched.
   */
  private void multiplyPartialTile(
      int vectors,
      int rows,
      int depth,
      Matrix start,
      float[] a,
      VectorPanels right,
      int k,
      int n,
      Matrix c,
      int m,
      int column) {
    float[] sums = scratch.get().tile;
    int width = c.cols - column;
    for (int r = 0; r < rows; r++) {
      System.arraycopy(start.data, start.at(m + r) + column, sums, r * PANEL, width);
    }
    multiplyTile(vectors, rows, depth, sums, 0, PANEL, a, right, k, n, sums, 0, PANEL);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(sums, r * PANEL, c.data, c.at(m + r) + column, width);
    }
  }

  private static void multiplyTile(
      int vectors,
      int rows,
      int depth,
      float[] start,
      int from,
      int fromStride,
      float[] a,
      VectorPanels right,
      int k,
      int n,
      float[] c,
      int to,
      int toStride) {
    float[] b = right.data(n);
    int j = right.at(k, n);
    if (vectors == 4) {
      float[] next = right.data(n + 2 * LANES);
      VectorTiles4.multiply(rows, start, from, fromStride, a, b, next, j, depth, c, to, toStride);
    } else if (rows <= VectorLeft.TILE_ROWS) {
      VectorTiles2.multiply(rows, start, from, fromStride, a, b, j, depth, c, to, toStride);
    } else {
      VectorTilesTall.multiply(rows, start, from, fromStride, a, b, j, depth, c, to, toStride);
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
  public double sumOfSquares(float[] data, int offset, int length) {
    return VectorSums.sumOfSquares(data, offset, length, scratch.get().squares);
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

  /** What one thread needs to work: up to two megabytes for a left operand. */
  private static final class Scratch {
    private final List<VectorLeft> lefts = new ArrayList<>();
    private final VectorPanels right = new VectorPanels(VectorLeft.MAX_DEPTH, PACKED_COLS);
    private final VectorTranspose transposer = new VectorTranspose();
    private final float[] tile = new float[VectorLeft.TALL_ROWS * PANEL];
    private final float[] rest = new float[Math.max(VectorActivations.PAIR, VectorSums.SUMS)];
    private final double[] squares = new double[VectorSums.SUMS];

    /** The left operand of the i-th of products that share their right one. */
    VectorLeft left(int i) {
      while (lefts.size() <= i) {
        lefts.add(new VectorLeft());
      }
      return lefts.get(i);
    }
  }
}
