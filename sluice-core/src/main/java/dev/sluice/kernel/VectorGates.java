package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLanes.load;

import dev.sluice.matrix.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * One row of the LSTM gates at a time, forward and backward: the formulas of {@link
 * Kernels#lstmGates}.
 *
 * <p>The forward makes several passes over a row that is in the first-level cache rather than one:
 * see {@link VectorActivations} for why each activation is a loop of its own.
 */
final class VectorGates {
  private VectorGates() {}

  static void forward(Matrix z, Matrix c, Matrix tanhC, Matrix h, int r, float[] rest) {
    int units = c.cols;
    int i = z.at(r);
    int f = i + units;
    int g = f + units;
    int o = g + units;
    VectorActivations.sigmoid(z.data, i, z.data, i, 2 * units, rest);
    VectorActivations.tanh(z.data, g, z.data, g, units, rest);
    VectorActivations.sigmoid(z.data, o, z.data, o, units, rest);
    updateCell(z.data, i, units, c.data, c.at(r));
    VectorActivations.tanh(c.data, c.at(r), tanhC.data, tanhC.at(r), units, rest);
    multiply(z.data, o, tanhC.data, tanhC.at(r), h.data, h.at(r), units);
  }

  /** c = f·c + i·g, the gates {@code units} apart from {@code z[at]} on. */
  private static void updateCell(float[] z, int at, int units, float[] c, int cAt) {
    int j = 0;
    for (; j <= units - LANES; j += LANES) {
      FloatVector i = load(z, at + j);
      FloatVector f = load(z, at + units + j);
      FloatVector g = load(z, at + 2 * units + j);
      f.mul(load(c, cAt + j)).add(i.mul(g)).intoArray(c, cAt + j);
    }
    for (; j < units; j++) {
      c[cAt + j] = z[at + units + j] * c[cAt + j] + z[at + j] * z[at + 2 * units + j];
    }
  }

  private static void multiply(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int length) {
    int j = 0;
    for (; j <= length - LANES; j += LANES) {
      load(a, aAt + j).mul(load(b, bAt + j)).intoArray(y, yAt + j);
    }
    for (; j < length; j++) {
      y[yAt + j] = a[aAt + j] * b[bAt + j];
    }
  }

  static void backward(Matrix gates, Matrix cBefore, Matrix tanhC, Matrix dh, Matrix dc, int r) {
    int units = dc.cols;
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    int j = 0;
    for (; j <= units - LANES; j += LANES) {
      int at = gates.at(r) + j;
      FloatVector i = load(gates.data, at);
      FloatVector f = load(gates.data, at + units);
      FloatVector g = load(gates.data, at + 2 * units);
      FloatVector o = load(gates.data, at + 3 * units);
      FloatVector t = load(tanhC.data, tanhC.at(r) + j);
      FloatVector c = load(cBefore.data, cBefore.at(r) + j);
      FloatVector dOut = load(dh.data, dh.at(r) + j);
      FloatVector dCell = load(dc.data, dc.at(r) + j).add(dOut.mul(o).mul(one.sub(t.mul(t))));
      dCell.mul(g).mul(i.mul(one.sub(i))).intoArray(gates.data, at);
      dCell.mul(c).mul(f.mul(one.sub(f))).intoArray(gates.data, at + units);
      dCell.mul(i).mul(one.sub(g.mul(g))).intoArray(gates.data, at + 2 * units);
      dOut.mul(t).mul(o.mul(one.sub(o))).intoArray(gates.data, at + 3 * units);
      dCell.mul(f).intoArray(dc.data, dc.at(r) + j);
    }
    ScalarKernels.gatesBackward(gates, cBefore, tanhC, dh, dc, r, j);
  }
}
