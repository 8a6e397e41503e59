package dev.sluice.kernel;

import dev.sluice.matrix.Matrix;

/**
 * One row of the gates of an LSTM or a GRU as plain loops, forward and backward: the formulas of
 * {@link Kernels#lstmGates} and {@link Kernels#gruGates}, and the specification of {@link
 * VectorGates}. A backward may start at a unit other than 0, where vectors have left off.
 */
final class ScalarGates {
  private ScalarGates() {}

  static void lstm(Matrix z, Matrix c, Matrix tanhC, Matrix h, int row) {
    int units = c.cols;
    int i = z.at(row);
    int f = i + units;
    int g = f + units;
    int o = g + units;
    ScalarKernels.sigmoid(z.data, i, 2 * units);
    ScalarKernels.tanh(z.data, g, units);
    ScalarKernels.sigmoid(z.data, o, units);
    for (int j = 0; j < units; j++) {
      float cell = z.data[f + j] * c.data[c.at(row) + j] + z.data[i + j] * z.data[g + j];
      c.data[c.at(row) + j] = cell;
      tanhC.data[tanhC.at(row) + j] = cell;
    }
    ScalarKernels.tanh(tanhC.data, tanhC.at(row), units);
    for (int j = 0; j < units; j++) {
      h.data[h.at(row) + j] = z.data[o + j] * tanhC.data[tanhC.at(row) + j];
    }
  }

  static void lstmBackward(
      Matrix gates, Matrix cBefore, Matrix tanhC, Matrix dh, Matrix dc, int row, int first) {
    int units = dc.cols;
    for (int j = first; j < units; j++) {
      int at = gates.at(row) + j;
      float i = gates.data[at];
      float f = gates.data[at + units];
      float g = gates.data[at + 2 * units];
      float o = gates.data[at + 3 * units];
      float t = tanhC.data[tanhC.at(row) + j];
      float dOut = dh.data[dh.at(row) + j];
      float dCell = dc.data[dc.at(row) + j] + (dOut * o) * (1 - t * t);
      gates.data[at] = (dCell * g) * (i * (1 - i));
      gates.data[at + units] = (dCell * cBefore.data[cBefore.at(row) + j]) * (f * (1 - f));
      gates.data[at + 2 * units] = (dCell * i) * (1 - g * g);
      gates.data[at + 3 * units] = (dOut * t) * (o * (1 - o));
      dc.data[dc.at(row) + j] = dCell * f;
    }
  }

  static void gru(Matrix zx, Matrix zh, Matrix hBefore, Matrix h, int row) {
    int before = hBefore.at(row);
    gru(zx.data, zx.at(row), zh.data, zh.at(row), hBefore.data, before, h.data, h.at(row), h.cols);
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
      int units) {
    int z = r + units;
    int n = z + units;
    for (int j = 0; j < 2 * units; j++) {
      zx[r + j] += zh[zhr + j];
    }
    ScalarKernels.sigmoid(zx, r, 2 * units);
    for (int j = 0; j < units; j++) {
      zx[n + j] += zx[r + j] * zh[zhr + 2 * units + j];
    }
    ScalarKernels.tanh(zx, n, units);
    for (int j = 0; j < units; j++) {
      float update = zx[z + j];
      h[hAt + j] = (1 - update) * zx[n + j] + update * hBefore[before + j];
    }
  }

  static void gruBackward(
      Matrix gates, Matrix zh, Matrix hBefore, Matrix dh, Matrix dhBefore, int row, int first) {
    int units = dh.cols;
    for (int j = first; j < units; j++) {
      int at = gates.at(row) + j;
      int zhAt = zh.at(row) + j;
      float r = gates.data[at];
      float z = gates.data[at + units];
      float n = gates.data[at + 2 * units];
      float dOut = dh.data[dh.at(row) + j];
      float dn = (dOut * (1 - z)) * (1 - n * n);
      float dz = (dOut * hBefore.data[hBefore.at(row) + j] - dOut * n) * (z * (1 - z));
      float dr = (dn * zh.data[zhAt + 2 * units]) * (r * (1 - r));
      gates.data[at] = dr;
      gates.data[at + units] = dz;
      gates.data[at + 2 * units] = dn;
      zh.data[zhAt] = dr;
      zh.data[zhAt + units] = dz;
      zh.data[zhAt + 2 * units] = dn * r;
      dhBefore.data[dhBefore.at(row) + j] = dOut * z;
    }
  }
}
