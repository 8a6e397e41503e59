package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;

import dev.sluice.matrix.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of two vectors: the innermost loops of the vector products, for one to six rows of
 * c.
 *
 * <p>Each method adds a · b to its tile of c, a column of a and a row of b at a time; rows of b are
 * {@link Kernels#PANEL} floats apart. The accumulators are local variables, written out, because
 * that is what the JIT keeps in registers: in an array each would become an object, and even
 * helpers to load and store them cost a quarter of the speed. Six rows of two use 12 of the 16
 * registers of AVX2.
 *
 * <p>Along k, a is read in steps of one float: with a step that is known only at run time the JIT
 * cannot move the bounds checks out of the loop, and they cost a third of the speed.
 */
final class VectorTiles2 {
  private VectorTiles2() {}

  /** c[0..rows) += a · b, with {@code i} the first element of a. */
  static void add(
      int rows, Matrix a, int i, float[] b, int j, int depth, float[] c, int t, int stride) {
    switch (rows) {
      case 1 -> add1(a, i, b, j, depth, c, t);
      case 2 -> add2(a, i, b, j, depth, c, t, stride);
      case 3 -> add3(a, i, b, j, depth, c, t, stride);
      case 4 -> add4(a, i, b, j, depth, c, t, stride);
      case 5 -> add5(a, i, b, j, depth, c, t, stride);
      case 6 -> add6(a, i, b, j, depth, c, t, stride);
      default -> throw new AssertionError(rows);
    }
  }

  private static void add1(Matrix a, int i, float[] b, int j, int depth, float[] c, int t) {
    float[] x = a.data;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, t);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, t + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, x[i]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      i++;
      j += Kernels.PANEL;
    }
    c00.intoArray(c, t);
    c01.intoArray(c, t + LANES);
  }

  private static void add2(
      Matrix a, int i, float[] b, int j, int depth, float[] c, int t, int stride) {
    float[] x = a.data;
    int row = a.stride;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, t);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, t + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, t + stride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, t + stride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, x[i]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, x[i + row]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      i++;
      j += Kernels.PANEL;
    }
    c00.intoArray(c, t);
    c01.intoArray(c, t + LANES);
    c10.intoArray(c, t + stride);
    c11.intoArray(c, t + stride + LANES);
  }

  private static void add3(
      Matrix a, int i, float[] b, int j, int depth, float[] c, int t, int stride) {
    float[] x = a.data;
    int row = a.stride;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, t);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, t + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, t + stride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, t + stride + LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, t + 2 * stride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, c, t + 2 * stride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, x[i]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, x[i + row]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, x[i + 2 * row]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      i++;
      j += Kernels.PANEL;
    }
    c00.intoArray(c, t);
    c01.intoArray(c, t + LANES);
    c10.intoArray(c, t + stride);
    c11.intoArray(c, t + stride + LANES);
    c20.intoArray(c, t + 2 * stride);
    c21.intoArray(c, t + 2 * stride + LANES);
  }

  private static void add4(
      Matrix a, int i, float[] b, int j, int depth, float[] c, int t, int stride) {
    float[] x = a.data;
    int row = a.stride;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, t);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, t + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, t + stride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, t + stride + LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, t + 2 * stride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, c, t + 2 * stride + LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, c, t + 3 * stride);
    FloatVector c31 = FloatVector.fromArray(SPECIES, c, t + 3 * stride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, x[i]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, x[i + row]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, x[i + 2 * row]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, x[i + 3 * row]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      i++;
      j += Kernels.PANEL;
    }
    c00.intoArray(c, t);
    c01.intoArray(c, t + LANES);
    c10.intoArray(c, t + stride);
    c11.intoArray(c, t + stride + LANES);
    c20.intoArray(c, t + 2 * stride);
    c21.intoArray(c, t + 2 * stride + LANES);
    c30.intoArray(c, t + 3 * stride);
    c31.intoArray(c, t + 3 * stride + LANES);
  }

  private static void add5(
      Matrix a, int i, float[] b, int j, int depth, float[] c, int t, int stride) {
    float[] x = a.data;
    int row = a.stride;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, t);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, t + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, t + stride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, t + stride + LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, t + 2 * stride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, c, t + 2 * stride + LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, c, t + 3 * stride);
    FloatVector c31 = FloatVector.fromArray(SPECIES, c, t + 3 * stride + LANES);
    FloatVector c40 = FloatVector.fromArray(SPECIES, c, t + 4 * stride);
    FloatVector c41 = FloatVector.fromArray(SPECIES, c, t + 4 * stride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, x[i]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, x[i + row]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, x[i + 2 * row]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, x[i + 3 * row]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, x[i + 4 * row]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      i++;
      j += Kernels.PANEL;
    }
    c00.intoArray(c, t);
    c01.intoArray(c, t + LANES);
    c10.intoArray(c, t + stride);
    c11.intoArray(c, t + stride + LANES);
    c20.intoArray(c, t + 2 * stride);
    c21.intoArray(c, t + 2 * stride + LANES);
    c30.intoArray(c, t + 3 * stride);
    c31.intoArray(c, t + 3 * stride + LANES);
    c40.intoArray(c, t + 4 * stride);
    c41.intoArray(c, t + 4 * stride + LANES);
  }

  private static void add6(
      Matrix a, int i, float[] b, int j, int depth, float[] c, int t, int stride) {
    float[] x = a.data;
    int row = a.stride;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, t);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, t + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, t + stride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, t + stride + LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, t + 2 * stride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, c, t + 2 * stride + LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, c, t + 3 * stride);
    FloatVector c31 = FloatVector.fromArray(SPECIES, c, t + 3 * stride + LANES);
    FloatVector c40 = FloatVector.fromArray(SPECIES, c, t + 4 * stride);
    FloatVector c41 = FloatVector.fromArray(SPECIES, c, t + 4 * stride + LANES);
    FloatVector c50 = FloatVector.fromArray(SPECIES, c, t + 5 * stride);
    FloatVector c51 = FloatVector.fromArray(SPECIES, c, t + 5 * stride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, x[i]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, x[i + row]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, x[i + 2 * row]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, x[i + 3 * row]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, x[i + 4 * row]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, x[i + 5 * row]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      i++;
      j += Kernels.PANEL;
    }
    c00.intoArray(c, t);
    c01.intoArray(c, t + LANES);
    c10.intoArray(c, t + stride);
    c11.intoArray(c, t + stride + LANES);
    c20.intoArray(c, t + 2 * stride);
    c21.intoArray(c, t + 2 * stride + LANES);
    c30.intoArray(c, t + 3 * stride);
    c31.intoArray(c, t + 3 * stride + LANES);
    c40.intoArray(c, t + 4 * stride);
    c41.intoArray(c, t + 4 * stride + LANES);
    c50.intoArray(c, t + 5 * stride);
    c51.intoArray(c, t + 5 * stride + LANES);
  }
}
