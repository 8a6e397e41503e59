package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;
import java.util.Arrays;
import java.util.List;

/**
 * The kernels as plain loops: the readable specification, and what runs where the vector module is
 * not loaded.
 *
 * <p>The loops are shaped for the JIT's auto-vectoriser, which takes an innermost loop when every
 * array in it is indexed by the loop variable alone. So the rows of a right operand, and the rows
 * of the output being worked on, are arrays of their own; four rows of each meet in one pass
 * ({@link #fourByFour}), which loads and stores an output once for four multiply-adds. Elements
 * that follow one another are never summed, so vectorising changes no bit.
 */
public final class ScalarKernels implements Kernels {
  /** Columns in one pass: four rows of b and four of c together stay in a first-level cache. */
  private static final int BLOCK = 8 * PANEL;

  /** Rows of b copied at a time for {@link #gemmTransposed}. */
  private static final int DEPTH = 64;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public StepKernels steps() {
    return new ScalarStepKernels();
  }

  @Override
  public PackedMatrix pack(Matrix b, boolean transpose) {
    Rows packed = transpose ? new Rows(b.cols, b.rows) : new Rows(b.rows, b.cols);
    repack(b, transpose, packed, 0, packed.cols());
    return packed;
  }

  @Override
  public void repack(Matrix b, boolean transpose, PackedMatrix into, int from, int to) {
    Rows packed = (Rows) into;
    int end;
    for (int start = from; start < to; start = end) {
      int inBlock = start % BLOCK;
      end = Math.min(to, start - inBlock + BLOCK);
      for (int k = 0; k < packed.rows; k++) {
        float[] row = packed.blocks[start / BLOCK][k];
        if (transpose) {
          for (int n = start; n < end; n++) {
            row[inBlock + n - start] = b.data[b.at(n) + k];
          }
        } else {
          System.arraycopy(b.data, b.at(k) + start, row, inBlock, end - start);
        }
      }
    }
  }

  @Override
  public void gemm(Matrix start, Matrix a, PackedMatrix b, int from, int to, Matrix c) {
    Rows packed = (Rows) b;
    int end;
    for (int column = from; column < to; column = end) {
      int inBlock = column % BLOCK;
      end = Math.min(to, column - inBlock + BLOCK);
      float[][] rows = packed.blocks[column / BLOCK];
      if (inBlock == 0) {
        multiply(start, Strided.of(a), 0, rows, a.cols, end - column, c, column);
      } else {
        multiplyInner(start, a, rows, inBlock, end - column, c, column);
      }
    }
  }

  /** Columns from the middle of a block, copied because {@link #fourByFour} starts at 0. */
  private void multiplyInner(
      Matrix start, Matrix a, float[][] block, int inBlock, int width, Matrix c, int column) {
    float[][] rows = scratch.get().b;
    Strided left = Strided.of(a);
    int k = 0;
    do { // once without any depth, too: c is start then
      int depth = Math.min(DEPTH, a.cols - k);
      for (int i = 0; i < depth; i++) {
        System.arraycopy(block[k + i], inBlock, rows[i], 0, width);
      }
      multiply(k == 0 ? start : c, left, k, rows, depth, width, c, column);
      k += DEPTH;
    } while (k < a.cols);
  }

  @Override
  public void gemmTransposed(List<Matrix> a, Matrix b, List<Matrix> c) {
    float[][] rows = scratch.get().b;
    List<Strided> left = a.stream().map(Strided::transposed).toList();
    for (int k = 0; k < b.rows; k += DEPTH) {
      int depth = Math.min(DEPTH, b.rows - k);
      for (int column = 0; column < b.cols; column += BLOCK) {
        int width = Math.min(BLOCK, b.cols - column);
        for (int i = 0; i < depth; i++) {
          System.arraycopy(b.data, b.at(k + i) + column, rows[i], 0, width);
        }
        for (int i = 0; i < c.size(); i++) {
          multiply(c.get(i), left.get(i), k, rows, depth, width, c.get(i), column);
        }
      }
    }
  }

  @Override
  public void sigmoid(Matrix x, Matrix y) {
    y.copyFrom(x);
    for (int r = 0; r < y.rows; r++) {
      sigmoid(y.data, y.at(r), y.cols);
    }
  }

  @Override
  public void tanh(Matrix x, Matrix y) {
    y.copyFrom(x);
    for (int r = 0; r < y.rows; r++) {
      tanh(y.data, y.at(r), y.cols);
    }
  }

  @Override
  public void exp(Matrix x, Matrix y) {
    y.copyFrom(x);
    for (int r = 0; r < y.rows; r++) {
      exp(y.data, y.at(r), y.cols);
    }
  }

  @Override
  public void add(float[] x, int from, float[] y, int to, int length) {
    for (int i = 0; i < length; i++) {
      y[to + i] += x[from + i];
    }
  }

  @Override
  public float max(float[] data, int offset, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + length; i++) {
      max = Math.max(max, data[i]);
    }
    return max;
  }

  @Override
  public void dropNegligible(Matrix x) {
    for (int r = 0; r < x.rows; r++) {
      for (int i = x.at(r); i < x.at(r) + x.cols; i++) {
        if (Math.abs(x.data[i]) < NEGLIGIBLE) {
          x.data[i] = 0;
        }
      }
    }
  }

  @Override
  public float sum(float[] data, int offset, int length) {
    float[] s = scratch.get().sums;
    Arrays.fill(s, 0);
    for (int i = 0; i < length; i++) {
      s[i % 16] += data[offset + i];
    }
    return foldSixteen(s);
  }

  /** The tree at the end of {@link Kernels#sum}; overwrites {@code s}. */
  static float foldSixteen(float[] s) {
    for (int half = 8; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        s[j] += s[j + half];
      }
    }
    return s[0];
  }

  @Override
  public double sumOfSquares(float[] data, int offset, int length) {
    double[] s = scratch.get().squares;
    Arrays.fill(s, 0);
    for (int i = 0; i < length; i++) {
      double x = data[offset + i];
      s[i % 16] += x * x;
    }
    return foldSquares(s);
  }

  /** The tree at the end of {@link Kernels#sumOfSquares}; overwrites {@code s}. */
  static double foldSquares(double[] s) {
    for (int half = 8; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        s[j] += s[j + half];
      }
    }
    return s[0];
  }

  @Override
  public void lstmGates(Matrix z, Matrix c, Matrix tanhC, Matrix h) {
    for (int r = 0; r < c.rows; r++) {
      ScalarGates.lstm(z, c, tanhC, h, r);
    }
  }

  @Override
  public void lstmGatesBackward(Matrix gates, Matrix cBefore, Matrix tanhC, Matrix dh, Matrix dc) {
    for (int r = 0; r < dc.rows; r++) {
      ScalarGates.lstmBackward(gates, cBefore, tanhC, dh, dc, r, 0);
    }
  }

  @Override
  public void gruGates(Matrix zx, Matrix zh, Matrix hBefore, Matrix h) {
    for (int r = 0; r < h.rows; r++) {
      ScalarGates.gru(zx, zh, hBefore, h, r);
    }
  }

  @Override
  public void gruGatesBackward(
      Matrix gates, Matrix zh, Matrix hBefore, Matrix dh, Matrix dhBefore) {
    for (int r = 0; r < dh.rows; r++) {
      ScalarGates.gruBackward(gates, zh, hBefore, dh, dhBefore, r, 0);
    }
  }

  static void sigmoid(float[] y, int offset, int length) {
    for (int i = 0; i < length; i++) {
      y[offset + i] = Activations.sigmoid(y[offset + i]);
    }
  }

  static void tanh(float[] y, int offset, int length) {
    for (int i = 0; i < length; i++) {
      y[offset + i] = Activations.tanh(y[offset + i]);
    }
  }

  private static void exp(float[] y, int offset, int length) {
    for (int i = 0; i < length; i++) {
      y[offset + i] = Activations.exp(y[offset + i]);
    }
  }

  /**
   * c = start + a · b for {@code width} columns, in b from the first on, in start and c from {@code
   * column} on. Row 0 of b meets column {@code first} of a.
   */
  private void multiply(
      Matrix start, Strided a, int first, float[][] b, int depth, int width, Matrix c, int column) {
    float[][] out = scratch.get().c;
    for (int m = 0; m < c.rows; m += 4) {
      int rows = Math.min(4, c.rows - m);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(start.data, start.at(m + r) + column, out[r], 0, width);
      }
      int k = 0;
      for (; k + 4 <= depth; k += 4) {
        if (rows == 4) {
          fourByFour(a, a.at(m, first + k), b, k, out, width);
        } else {
          for (int r = 0; r < rows; r++) {
            oneByFour(a, a.at(m + r, first + k), b, k, out[r], width);
          }
        }
      }
      for (; k < depth; k++) {
        for (int r = 0; r < rows; r++) {
          oneByOne(a.data[a.at(m + r, first + k)], b[k], out[r], width);
        }
      }
      for (int r = 0; r < rows; r++) {
        System.arraycopy(out[r], 0, c.data, c.at(m + r) + column, width);
      }
    }
  }

  /**
   * Four rows of c take in four rows of b, k rising. The loop is as large as the auto-vectoriser
   * takes: one more row, or a start other than 0, and it runs at a fifth of the speed.
   */
  private static void fourByFour(Strided a, int i0, float[][] b, int k, float[][] c, int width) {
    float[] x = a.data;
    int step = a.step;
    int i1 = i0 + a.row;
    int i2 = i1 + a.row;
    int i3 = i2 + a.row;
    float a00 = x[i0];
    float a01 = x[i0 + step];
    float a02 = x[i0 + 2 * step];
    float a03 = x[i0 + 3 * step];
    float a10 = x[i1];
    float a11 = x[i1 + step];
    float a12 = x[i1 + 2 * step];
    float a13 = x[i1 + 3 * step];
    float a20 = x[i2];
    float a21 = x[i2 + step];
    float a22 = x[i2 + 2 * step];
    float a23 = x[i2 + 3 * step];
    float a30 = x[i3];
    float a31 = x[i3 + step];
    float a32 = x[i3 + 2 * step];
    float a33 = x[i3 + 3 * step];
    float[] b0 = b[k];
    float[] b1 = b[k + 1];
    float[] b2 = b[k + 2];
    float[] b3 = b[k + 3];
    float[] c0 = c[0];
    float[] c1 = c[1];
    float[] c2 = c[2];
    float[] c3 = c[3];
    for (int j = 0; j < width; j++) {
      float y0 = b0[j];
      float y1 = b1[j];
      float y2 = b2[j];
      float y3 = b3[j];
      c0[j] = Math.fma(a03, y3, Math.fma(a02, y2, Math.fma(a01, y1, Math.fma(a00, y0, c0[j]))));
      c1[j] = Math.fma(a13, y3, Math.fma(a12, y2, Math.fma(a11, y1, Math.fma(a10, y0, c1[j]))));
      c2[j] = Math.fma(a23, y3, Math.fma(a22, y2, Math.fma(a21, y1, Math.fma(a20, y0, c2[j]))));
      c3[j] = Math.fma(a33, y3, Math.fma(a32, y2, Math.fma(a31, y1, Math.fma(a30, y0, c3[j]))));
    }
  }

  private static void oneByFour(Strided a, int i, float[][] b, int k, float[] c, int width) {
    float a0 = a.data[i];
    float a1 = a.data[i + a.step];
    float a2 = a.data[i + 2 * a.step];
    float a3 = a.data[i + 3 * a.step];
    float[] b0 = b[k];
    float[] b1 = b[k + 1];
    float[] b2 = b[k + 2];
    float[] b3 = b[k + 3];
    for (int j = 0; j < width; j++) {
      c[j] =
          Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
    }
  }

  private static void oneByOne(float a, float[] b, float[] c, int width) {
    for (int j = 0; j < width; j++) {
      c[j] = Math.fma(a, b[j], c[j]);
    }
  }

  /**
   * Rows of b as arrays of their own, in blocks of columns: {@code blocks[n / BLOCK][k][n %
   * BLOCK]}.
   */
  private static final class Rows implements PackedMatrix {
    private final int rows;
    private final int cols;
    private final float[][][] blocks;

    Rows(int rows, int cols) {
      this.rows = rows;
      this.cols = cols;
      this.blocks = new float[Math.ceilDiv(cols, BLOCK)][rows][];
      for (int block = 0; block < blocks.length; block++) {
        for (int k = 0; k < rows; k++) {
          blocks[block][k] = new float[Math.min(BLOCK, cols - block * BLOCK)];
        }
      }
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public int cols() {
      return cols;
    }
  }

  /** What one thread needs to work; no product's size changes it. */
  private static final class Scratch {
    private final float[][] b = new float[DEPTH][BLOCK];
    private final float[][] c = new float[4][BLOCK];
    private final float[] sums = new float[16];
    private final double[] squares = new double[16];
  }
}
