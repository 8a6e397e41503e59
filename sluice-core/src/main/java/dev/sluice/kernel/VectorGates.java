package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLanes.load;

import dev.sluice.matrix.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * One row of the gates of an LSTM or a GRU at a time, forward and backward: the formulas of {@link
 * Kernels#lstmGates} and {@link Kernels#gruGates}, bit for bit those of {@link ScalarGates}.
 *
 * <p>The forward makes several passes over a row that is in the first-level cache rather than one:
 * see {@link VectorActivations} for why each activation is a loop of its own.
 */
final class VectorGates {
  private VectorGates() {}

  static void lstm(Matrix z, Matrix c, Matrix tanhC, Matrix h, int r, float[] rest) {
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

  static void lstmBackward(
      Matrix gates, Matrix cBefore, Matrix tanhC, Matrix dh, Matrix dc, int r) {
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
    ScalarGates.lstmBackward(gates, cBefore, tanhC, dh, dc, r, j);
  }

  /** x = 0 where |x| < {@link Kernels#NEGLIGIBLE}. */
  static void dropNegligible(float[] x, int at, int length) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int j = 0;
    for (; j <= length - LANES; j += LANES) {
      FloatVector v = load(x, at + j);
      v.blend(zero, v.abs().lt(Kernels.NEGLIGIBLE)).intoArray(x, at + j);
    }
    for (; j < length; j++) {
      if (Math.abs(x[at + j]) < Kernels.NEGLIGIBLE) {
        x[at + j] = 0;
      }
    }
  }

  static void gru(Matrix zx, Matrix zh, Matrix hBefore, Matrix h, int row, float[] rest) {
    int before = hBefore.at(row);
    gru(
        zx.data,
        zx.at(row),
        zh.data,
        zh.at(row),
        hBefore.data,
        before,
        h.data,
        h.at(row),
        h.cols,
        rest);
  }

  /** The same on arrays. */
  static void gru(
      float[] zx,
      int r,
      float[] zh,
      int zhr,
      float[] hBefore,
      int before,
      float[] h,
      int hAt,
      int units,
      float[] rest) {
    int z = r + units;
    int n = z + units;
    add(zh, zhr, zx, r, 2 * units);
    VectorActivations.sigmoid(zx, r, zx, r, 2 * units, rest);
    addProduct(zx, r, zh, zhr + 2 * units, zx, n, units);
    VectorActivations.tanh(zx, n, zx, n, units, rest);
    updateState(zx, z, units, hBefore, before, h, hAt);
  }

  /** y += x. */
  private static void add(float[] x, int xAt, float[] y, int yAt, int length) {
    int j = 0;
    for (; j <= length - LANES; j += LANES) {
      load(y, yAt + j).add(load(x, xAt + j)).intoArray(y, yAt + j);
    }
    for (; j < length; j++) {
      y[yAt + j] += x[xAt + j];
    }
  }

  /** y += a·b. */
  private static void addProduct(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int length) {
    int j = 0;
    for (; j <= length - LANES; j += LANES) {
      load(y, yAt + j).add(load(a, aAt + j).mul(load(b, bAt + j))).intoArray(y, yAt + j);
    }
    for (; j < length; j++) {
      y[yAt + j] += a[aAt + j] * b[bAt + j];
    }
  }

  /** h = (1 - z)·n + z·hBefore, with n {@code units} after z, which is {@code gates[at]}. */
  private static void updateState(
      float[] gates, int at, int units, float[] hBefore, int beforeAt, float[] h, int hAt) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    int j = 0;
    for (; j <= units - LANES; j += LANES) {
      FloatVector z = load(gates, at + j);
      FloatVector n = load(gates, at + units + j);
      one.sub(z).mul(n).add(z.mul(load(hBefore, beforeAt + j))).intoArray(h, hAt + j);
    }
    for (; j < units; j++) {
      float z = gates[at + j];
      h[hAt + j] = (1 - z) * gates[at + units + j] + z * hBefore[beforeAt + j];
    }
  }

  static void gruBackward(
      Matrix gates, Matrix zh, Matrix hBefore, Matrix dh, Matrix dhBefore, int row) {
    int units = dh.cols;
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    int j = 0;
    for (; j <= units - LANES; j += LANES) {
      int at = gates.at(row) + j;
      int zhAt = zh.at(row) + j;
      FloatVector r = load(gates.data, at);
      FloatVector z = load(gates.data, at + units);
      FloatVector n = load(gates.data, at + 2 * units);
      FloatVector before = load(hBefore.data, hBefore.at(row) + j);
      FloatVector dOut = load(dh.data, dh.at(row) + j);
      FloatVector dn = dOut.mul(one.sub(z)).mul(one.sub(n.mul(n)));
      FloatVector dz = dOut.mul(before).sub(dOut.mul(n)).mul(z.mul(one.sub(z)));
      FloatVector dr = dn.mul(load(zh.data, zhAt + 2 * units)).mul(r.mul(one.sub(r)));
      dr.intoArray(gates.data, at);
      dz.intoArray(gates.data, at + units);
      dn.intoArray(gates.data, at + 2 * units);
      dr.intoArray(zh.data, zhAt);
      dz.intoArray(zh.data, zhAt + units);
      dn.mul(r).intoArray(zh.data, zhAt + 2 * units);
      dOut.mul(z).intoArray(dhBefore.data, dhBefore.at(row) + j);
    }
    ScalarGates.gruBackward(gates, zh, hBefore, dh, dhBefore, row, j);
  }
}
