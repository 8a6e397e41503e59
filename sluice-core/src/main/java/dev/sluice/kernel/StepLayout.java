package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;

/**
 * The order of the columns in which {@link StepKernels} compute a step: panels of 128, each with all
 * gates of some units, so that threads that take different panels share nothing but what they read.
 * For an LSTM, panel p is
 *
 * <pre>
 *   i[32p .. 32p+31]  f[32p .. 32p+31]  o[32p .. 32p+31]  g[32p .. 32p+31]
 * </pre>
 *
 * with g, which takes tanh, behind those that take σ. Zeros fill the last panel, which is 64 wide
 * where that is enough.
 */
public final class StepLayout {
  static final int WIDTH = 128;

  private static final int[] I_F_O_G = {0, 1, 3, 2};

  private final int gates;
  private final int units;
  private final int unitsOfPanel;
  private final int paddedUnits;

  /** For {@code units} units of 1 or 4 gates each. */
  StepLayout(int gates, int units) {
    this.gates = gates;
    this.units = units;
    this.unitsOfPanel = WIDTH / gates;
    int half = unitsOfPanel / 2;
    this.paddedUnits = Math.ceilDiv(units, half) * half;
  }

  /** How many panels there are. */
  public int panels() {
    return Math.ceilDiv(units, unitsOfPanel);
  }

  /** Units that are computed: those there are, and those that fill the last panel. */
  public int paddedUnits() {
    return paddedUnits;
  }

  /** The unit that a panel begins with. */
  int firstUnit(int panel) {
    return panel * unitsOfPanel;
  }

  /** How many units a panel has. */
  int units(int panel) {
    return Math.min(unitsOfPanel, paddedUnits - firstUnit(panel));
  }

  int width(int panel) {
    return gates * units(panel);
  }

  /** Columns of all panels. */
  int columns() {
    return gates * paddedUnits;
  }

  /** Row r of m (n, gates·units) in this order. */
  float[] rowOf(Matrix m, int r) {
    float[] row = new float[columns()];
    for (int panel = 0; panel < panels(); panel++) {
      int present = Math.min(unitsOfPanel, units - firstUnit(panel));
      for (int g = 0; g < gates; g++) {
        int from = m.at(r) + I_F_O_G[g] * units + firstUnit(panel);
        int to = panel * WIDTH + g * units(panel);
        System.arraycopy(m.data, from, row, to, present);
      }
    }
    return row;
  }
}
