package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.load;

import dev.sluice.matrix.Matrix;

/**
 * The kernels of streams on the Vector API, bit for bit those of {@link ScalarStepKernels}. Limited by
 * the bandwidth of the cache that holds the weights; bfloat16 out of a second-level cache also by the
 * widening, an instruction for each vector.
 */
final class VectorStepKernels implements StepKernels {
  /** Panels whose gates are computed together: enough to keep the divisions busy. */
  private static final int GROUP = 4;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  @Override
  public StepWeights pack(int gates, Matrix b, Matrix w, boolean bfloat16) {
    return new VectorStepPanels(new StepLayout(gates, b.cols / gates), b, w, bfloat16);
  }

  @Override
  public void affine(
      StepWeights weights, float[] a, int aAt, int from, int to, float[] y, int yAt) {
    VectorStepPanels panels = (VectorStepPanels) weights;
    float[] row = scratch.get().fetch(a, aAt, panels.depth());
    for (int panel = from; panel < to; panel++) {
      panels.sum(panel, row, y, yAt + panels.layout().firstUnit(panel));
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Compiled on its own, for the reason given in {@link VectorActivations}: into a caller that inlines
   * all of it, not every loop fits.
   */
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
    VectorStepPanels panels = (VectorStepPanels) weights;
    StepLayout layout = panels.layout();
    Scratch own = scratch.get();
    float[] row = own.fetch(memory, a, panels.depth());
    float[] z = own.z; // [panel][i f o g]
    for (int first = from; first < to; first += GROUP) {
      int end = Math.min(first + GROUP, to);
      // each pass over all panels of the group before the next: the passes of one panel wait for
      // one another, those of several do not
      for (int p = first, i = 0; p < end; p++, i += StepLayout.WIDTH) {
        panels.sum(p, row, z, i);
      }
      for (int p = first, i = 0; p < end; p++, i += StepLayout.WIDTH) {
        int n = layout.units(p);
        add(forgetBias, z, i + n, n);
        VectorActivations.sigmoid(z, i, z, i, 3 * n, own.rest);
        VectorActivations.tanh(z, i + 3 * n, z, i + 3 * n, n, own.rest);
      }
      for (int p = first, i = 0; p < end; p++, i += StepLayout.WIDTH) {
        updateCell(z, i, layout.units(p), memory, c + layout.firstUnit(p));
      }
      int unit = layout.firstUnit(first);
      int units = layout.firstUnit(end - 1) + layout.units(end - 1) - unit;
      VectorActivations.tanh(memory, c + unit, own.tanhC, 0, units, own.rest);
      for (int p = first, i = 0; p < end; p++, i += StepLayout.WIDTH) {
        int n = layout.units(p);
        int j = layout.firstUnit(p);
        multiply(z, i + 2 * n, own.tanhC, j - unit, memory, h + j, n);
      }
    }
  }

  private static void add(float forgetBias, float[] z, int f, int units) {
    if (forgetBias != 0) {
      for (int j = 0; j < units; j += LANES) {
        load(z, f + j).add(forgetBias).intoArray(z, f + j);
      }
    }
  }

  private static void updateCell(float[] z, int i, int units, float[] c, int cAt) {
    int f = i + units;
    int g = i + 3 * units;
    for (int j = 0; j < units; j += LANES) {
      load(z, f + j)
          .mul(load(c, cAt + j))
          .add(load(z, i + j).mul(load(z, g + j)))
          .intoArray(c, cAt + j);
    }
  }

  private static void multiply(
      float[] x, int xAt, float[] y, int yAt, float[] to, int toAt, int length) {
    for (int j = 0; j < length; j += LANES) {
      load(x, xAt + j).mul(load(y, yAt + j)).intoArray(to, toAt + j);
    }
  }

  @Override
  public void gruGates(float[] memory, int zx, int zh, int h, int units) {
    VectorGates.gru(memory, zx, memory, zh, memory, h, memory, h, units, scratch.get().rest);
  }

  @Override
  public void tanh(float[] y, int at, int length) {
    VectorActivations.tanh(y, at, y, at, length, scratch.get().rest);
  }

  /** What one thread needs to work. */
  private static final class Scratch {
    private final float[] z = new float[GROUP * StepLayout.WIDTH];
    private final float[] tanhC = new float[GROUP * StepLayout.WIDTH / 4];
    private final float[] rest = new float[VectorActivations.PAIR];
    private float[] row = new float[0];

    /**
     * A copy of a row. Where another thread has written it, the copy takes as long as the way of one cache line
     * from core to core, while the sums, which read number by number, would wait for each line in turn.
     */
    float[] fetch(float[] memory, int at, int length) {
      if (row.length < length) {
        row = new float[length];
      }
      System.arraycopy(memory, at, row, 0, length);
      return row;
    }
  }
}
