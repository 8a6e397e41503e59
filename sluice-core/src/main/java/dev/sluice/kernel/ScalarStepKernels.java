package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;
import java.util.Arrays;

/**
 * The kernels of streams as plain loops: the readable specification, and what runs where the vector
 * module is not loaded.
 *
 * <p>As in {@link ScalarKernels}, rows of weights are arrays of their own, and four of them meet in
 * one pass, because that is what the JIT vectorises. It does not vectorise the widening of a
 * bfloat16, so such weights are kept as floats: the same numbers, without the saving of memory.
 */
final class ScalarStepKernels implements StepKernels {
  private final ThreadLocal<float[]> scratch =
      ThreadLocal.withInitial(() -> new float[StepLayout.WIDTH]);

  @Override
  public StepWeights pack(int gates, Matrix b, Matrix w, boolean bfloat16) {
    return new Rows(new StepLayout(gates, b.cols / gates), b, w);
  }

  @Override
  public void affine(
      StepWeights weights, float[] a, int aAt, int from, int to, float[] y, int yAt) {
    Rows rows = (Rows) weights;
    float[] z = scratch.get();
    for (int panel = from; panel < to; panel++) {
      rows.sum(panel, a, aAt, z);
      System.arraycopy(z, 0, y, yAt + rows.layout.firstUnit(panel), rows.layout.width(panel));
    }
  }

  @Override
  public void lstm(
      StepWeights weights,
      float forgetBias,
      float[] memory,
      int a,
      int c,
      int h,
      int from,
      int to) {
    Rows rows = (Rows) weights;
    float[] z = scratch.get();
    for (int panel = from; panel < to; panel++) {
      rows.sum(panel, memory, a, z);
      int first = rows.layout.firstUnit(panel);
      int units = rows.layout.units(panel);
      for (int j = 0; j < units; j++) {
        float i = Activations.sigmoid(z[j]);
        float f = Activations.sigmoid(z[units + j] + forgetBias);
        float o = Activations.sigmoid(z[2 * units + j]);
        float g = Activations.tanh(z[3 * units + j]);
        float cell = f * memory[c + first + j] + i * g;
        memory[c + first + j] = cell;
        memory[h + first + j] = o * Activations.tanh(cell);
      }
    }
  }

  @Override
  public void gruGates(float[] memory, int zx, int zh, int h, int units) {
    ScalarGates.gru(memory, zx, memory, zh, memory, h, memory, h, units);
  }

  @Override
  public void tanh(float[] y, int at, int length) {
    ScalarKernels.tanh(y, at, length);
  }

  /** b and the rows of W, each in panels: {@code rows[k][panel][j]}. */
  private static final class Rows implements StepWeights {
    private final StepLayout layout;
    private final float[][] bias;
    private final float[][][] rows;

    Rows(StepLayout layout, Matrix b, Matrix w) {
      this.layout = layout;
      this.bias = panels(layout.rowOf(b, 0));
      this.rows = new float[w.rows][][];
      for (int k = 0; k < rows.length; k++) {
        rows[k] = panels(layout.rowOf(w, k));
      }
    }

    private float[][] panels(float[] row) {
      float[][] panels = new float[layout.panels()][];
      for (int p = 0; p < panels.length; p++) {
        int first = p * StepLayout.WIDTH;
        panels[p] = Arrays.copyOfRange(row, first, first + layout.width(p));
      }
      return panels;
    }

    @Override
    public StepLayout layout() {
      return layout;
    }

    @Override
    public long bytes() {
      return (1L + rows.length) * layout.columns() * Float.BYTES;
    }

    /** z = b + a·W for one panel. */
    void sum(int panel, float[] a, int aAt, float[] z) {
      int width = layout.width(panel);
      System.arraycopy(bias[panel], 0, z, 0, width);
      int k = 0;
      for (; k + 4 <= rows.length; k += 4) {
        float[] b0 = rows[k][panel];
        float[] b1 = rows[k + 1][panel];
        float[] b2 = rows[k + 2][panel];
        float[] b3 = rows[k + 3][panel];
        int i = aAt + k;
        addFour(a[i], b0, a[i + 1], b1, a[i + 2], b2, a[i + 3], b3, width, z);
      }
      for (; k < rows.length; k++) {
        addOne(a[aAt + k], rows[k][panel], width, z);
      }
    }

    private static void addFour(
        float a0,
        float[] b0,
        float a1,
        float[] b1,
        float a2,
        float[] b2,
        float a3,
        float[] b3,
        int width,
        float[] z) {
      for (int j = 0; j < width; j++) {
        z[j] =
            Math.fma(
                a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], z[j]))));
      }
    }

    private static void addOne(float a, float[] b, int width, float[] z) {
      for (int j = 0; j < width; j++) {
        z[j] = Math.fma(a, b[j], z[j]);
      }
    }
  }
}
