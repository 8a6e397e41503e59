package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.FIRST;
import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLeft.ROW;
import static dev.sluice.kernel.VectorPanels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of four vectors: the innermost loops of the vector products, for one to six rows of
 * c.
 *
 * <p>Each method adds a · b to what its tile starts from, a column of a and a row of b at a time:
 * two vectors of {@code b} and two of {@code next} at the same index, which is an instruction less
 * than two indices; rows are {@link VectorPanels#WIDTH} floats apart. The accumulators are local
 * variables, written out, because that is what the JIT keeps in registers: in an array each would
 * become an object, and even helpers to load and store them cost a quarter of the speed. Six rows of
 * four use 24 of the 32 registers of AVX-512; with 16 registers, two rows are the most.
 *
 * <p>What limits them is what the JIT does beside the multiply-adds. Rows of a are a constant
 * distance apart, so that all are read from one address. And where the tile starts is never where it
 * ends, as far as the JIT knows, even if it is: else the address of each row would stay in a register
 * all along the loop, and what the loop needs would not.
 */
final class VectorTiles4 {
  /** Where lanes are few, one panel has all four vectors. */
  private static final int NEXT = 2 * LANES % WIDTH;

  private VectorTiles4() {}

  /** c[0..rows) = start + a · b, with a a tile of {@link VectorLeft}. */
  static void multiply(
      int rows,
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to,
      int toStride) {
    switch (rows) {
      case 1 -> multiply1(start, from, a, b, next, j, depth, c, to);
      case 2 -> multiply2(start, from, fromStride, a, b, next, j, depth, c, to, toStride);
      case 3 -> multiply3(start, from, fromStride, a, b, next, j, depth, c, to, toStride);
      case 4 -> multiply4(start, from, fromStride, a, b, next, j, depth, c, to, toStride);
      case 5 -> multiply5(start, from, fromStride, a, b, next, j, depth, c, to, toStride);
      case 6 -> multiply6(start, from, fromStride, a, b, next, j, depth, c, to, toStride);
      default -> throw new AssertionError(rows);
    }
  }

  private static void multiply1(
      float[] start,
      int from,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector c01 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, start, from + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, start, from + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, next, j + NEXT);
      FloatVector b3 = FloatVector.fromArray(SPECIES, next, j + NEXT + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      j += WIDTH;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
  }

  private static void multiply2(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to,
      int toStride) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector c01 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, start, from + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, start, from + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c12 = FloatVector.fromArray(SPECIES, start, from + fromStride + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(SPECIES, start, from + fromStride + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, next, j + NEXT);
      FloatVector b3 = FloatVector.fromArray(SPECIES, next, j + NEXT + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      j += WIDTH;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
    c10.intoArray(c, to + toStride);
    c11.intoArray(c, to + toStride + LANES);
    c12.intoArray(c, to + toStride + 2 * LANES);
    c13.intoArray(c, to + toStride + 3 * LANES);
  }

  private static void multiply3(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to,
      int toStride) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector c01 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, start, from + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, start, from + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c12 = FloatVector.fromArray(SPECIES, start, from + fromStride + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(SPECIES, start, from + fromStride + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c22 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 2 * LANES);
    FloatVector c23 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, next, j + NEXT);
      FloatVector b3 = FloatVector.fromArray(SPECIES, next, j + NEXT + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      j += WIDTH;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
    c10.intoArray(c, to + toStride);
    c11.intoArray(c, to + toStride + LANES);
    c12.intoArray(c, to + toStride + 2 * LANES);
    c13.intoArray(c, to + toStride + 3 * LANES);
    c20.intoArray(c, to + 2 * toStride);
    c21.intoArray(c, to + 2 * toStride + LANES);
    c22.intoArray(c, to + 2 * toStride + 2 * LANES);
    c23.intoArray(c, to + 2 * toStride + 3 * LANES);
  }

  private static void multiply4(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to,
      int toStride) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector c01 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, start, from + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, start, from + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c12 = FloatVector.fromArray(SPECIES, start, from + fromStride + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(SPECIES, start, from + fromStride + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c22 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 2 * LANES);
    FloatVector c23 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 3 * LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride);
    FloatVector c31 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + LANES);
    FloatVector c32 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + 2 * LANES);
    FloatVector c33 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, next, j + NEXT);
      FloatVector b3 = FloatVector.fromArray(SPECIES, next, j + NEXT + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[FIRST + k + 3 * ROW]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      j += WIDTH;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
    c10.intoArray(c, to + toStride);
    c11.intoArray(c, to + toStride + LANES);
    c12.intoArray(c, to + toStride + 2 * LANES);
    c13.intoArray(c, to + toStride + 3 * LANES);
    c20.intoArray(c, to + 2 * toStride);
    c21.intoArray(c, to + 2 * toStride + LANES);
    c22.intoArray(c, to + 2 * toStride + 2 * LANES);
    c23.intoArray(c, to + 2 * toStride + 3 * LANES);
    c30.intoArray(c, to + 3 * toStride);
    c31.intoArray(c, to + 3 * toStride + LANES);
    c32.intoArray(c, to + 3 * toStride + 2 * LANES);
    c33.intoArray(c, to + 3 * toStride + 3 * LANES);
  }

  private static void multiply5(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to,
      int toStride) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector c01 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, start, from + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, start, from + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c12 = FloatVector.fromArray(SPECIES, start, from + fromStride + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(SPECIES, start, from + fromStride + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c22 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 2 * LANES);
    FloatVector c23 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 3 * LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride);
    FloatVector c31 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + LANES);
    FloatVector c32 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + 2 * LANES);
    FloatVector c33 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + 3 * LANES);
    FloatVector c40 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride);
    FloatVector c41 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + LANES);
    FloatVector c42 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + 2 * LANES);
    FloatVector c43 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, next, j + NEXT);
      FloatVector b3 = FloatVector.fromArray(SPECIES, next, j + NEXT + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[FIRST + k + 3 * ROW]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[FIRST + k + 4 * ROW]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      j += WIDTH;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
    c10.intoArray(c, to + toStride);
    c11.intoArray(c, to + toStride + LANES);
    c12.intoArray(c, to + toStride + 2 * LANES);
    c13.intoArray(c, to + toStride + 3 * LANES);
    c20.intoArray(c, to + 2 * toStride);
    c21.intoArray(c, to + 2 * toStride + LANES);
    c22.intoArray(c, to + 2 * toStride + 2 * LANES);
    c23.intoArray(c, to + 2 * toStride + 3 * LANES);
    c30.intoArray(c, to + 3 * toStride);
    c31.intoArray(c, to + 3 * toStride + LANES);
    c32.intoArray(c, to + 3 * toStride + 2 * LANES);
    c33.intoArray(c, to + 3 * toStride + 3 * LANES);
    c40.intoArray(c, to + 4 * toStride);
    c41.intoArray(c, to + 4 * toStride + LANES);
    c42.intoArray(c, to + 4 * toStride + 2 * LANES);
    c43.intoArray(c, to + 4 * toStride + 3 * LANES);
  }

  private static void multiply6(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      float[] next,
      int j,
      int depth,
      float[] c,
      int to,
      int toStride) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector c01 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, start, from + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, start, from + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector c11 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c12 = FloatVector.fromArray(SPECIES, start, from + fromStride + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(SPECIES, start, from + fromStride + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector c21 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c22 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 2 * LANES);
    FloatVector c23 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + 3 * LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride);
    FloatVector c31 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + LANES);
    FloatVector c32 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + 2 * LANES);
    FloatVector c33 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + 3 * LANES);
    FloatVector c40 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride);
    FloatVector c41 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + LANES);
    FloatVector c42 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + 2 * LANES);
    FloatVector c43 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + 3 * LANES);
    FloatVector c50 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride);
    FloatVector c51 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride + LANES);
    FloatVector c52 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride + 2 * LANES);
    FloatVector c53 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, next, j + NEXT);
      FloatVector b3 = FloatVector.fromArray(SPECIES, next, j + NEXT + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[FIRST + k + 3 * ROW]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[FIRST + k + 4 * ROW]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[FIRST + k + 5 * ROW]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
      j += WIDTH;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
    c10.intoArray(c, to + toStride);
    c11.intoArray(c, to + toStride + LANES);
    c12.intoArray(c, to + toStride + 2 * LANES);
    c13.intoArray(c, to + toStride + 3 * LANES);
    c20.intoArray(c, to + 2 * toStride);
    c21.intoArray(c, to + 2 * toStride + LANES);
    c22.intoArray(c, to + 2 * toStride + 2 * LANES);
    c23.intoArray(c, to + 2 * toStride + 3 * LANES);
    c30.intoArray(c, to + 3 * toStride);
    c31.intoArray(c, to + 3 * toStride + LANES);
    c32.intoArray(c, to + 3 * toStride + 2 * LANES);
    c33.intoArray(c, to + 3 * toStride + 3 * LANES);
    c40.intoArray(c, to + 4 * toStride);
    c41.intoArray(c, to + 4 * toStride + LANES);
    c42.intoArray(c, to + 4 * toStride + 2 * LANES);
    c43.intoArray(c, to + 4 * toStride + 3 * LANES);
    c50.intoArray(c, to + 5 * toStride);
    c51.intoArray(c, to + 5 * toStride + LANES);
    c52.intoArray(c, to + 5 * toStride + 2 * LANES);
    c53.intoArray(c, to + 5 * toStride + 3 * LANES);
  }
}
