package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.FIRST;
import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLeft.ROW;
import static dev.sluice.kernel.VectorPanels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Tall register tiles, of two vectors by twelve, ten or eight rows of c: what {@link VectorTiles2}
 * computes, in the same order, written out for the same reason.
 *
 * <p>They are for weights that come from far away for a few rows. The third-level cache gives a core
 * some twelve bytes a cycle, and nothing is asked for ahead of time but what the processor guesses: a
 * tile of six rows by four vectors wants 21 bytes a cycle and waits, one of twelve by two wants 11 for
 * the same multiply-adds, which then are what limits them. Near weights gain nothing from them, and
 * lose on a core that is shared: a step has four loads more.
 */
final class VectorTilesTall {
  private VectorTilesTall() {}

  /** out[0..rows) = start + a · b, with a a tile of {@link VectorLeft}. */
  static void multiply(
      int rows,
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      int j,
      int depth,
      float[] out,
      int to,
      int toStride) {
    switch (rows) {
      case 8 -> multiply8(start, from, fromStride, a, b, j, depth, out, to, toStride);
      case 10 -> multiply10(start, from, fromStride, a, b, j, depth, out, to, toStride);
      case 12 -> multiply12(start, from, fromStride, a, b, j, depth, out, to, toStride);
      default -> throw new AssertionError(rows);
    }
  }

  private static void multiply8(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      int j,
      int depth,
      float[] out,
      int to,
      int toStride) {
    FloatVector c0 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector d0 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c1 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector d1 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector d2 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride);
    FloatVector d3 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride);
    FloatVector d4 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride);
    FloatVector d5 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride + LANES);
    FloatVector c6 = FloatVector.fromArray(SPECIES, start, from + 6 * fromStride);
    FloatVector d6 = FloatVector.fromArray(SPECIES, start, from + 6 * fromStride + LANES);
    FloatVector c7 = FloatVector.fromArray(SPECIES, start, from + 7 * fromStride);
    FloatVector d7 = FloatVector.fromArray(SPECIES, start, from + 7 * fromStride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c0 = a0.fma(b0, c0);
      d0 = a0.fma(b1, d0);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c1 = a1.fma(b0, c1);
      d1 = a1.fma(b1, d1);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c2 = a2.fma(b0, c2);
      d2 = a2.fma(b1, d2);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[FIRST + k + 3 * ROW]);
      c3 = a3.fma(b0, c3);
      d3 = a3.fma(b1, d3);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[FIRST + k + 4 * ROW]);
      c4 = a4.fma(b0, c4);
      d4 = a4.fma(b1, d4);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[FIRST + k + 5 * ROW]);
      c5 = a5.fma(b0, c5);
      d5 = a5.fma(b1, d5);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[FIRST + k + 6 * ROW]);
      c6 = a6.fma(b0, c6);
      d6 = a6.fma(b1, d6);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[FIRST + k + 7 * ROW]);
      c7 = a7.fma(b0, c7);
      d7 = a7.fma(b1, d7);
      j += WIDTH;
    }
    c0.intoArray(out, to);
    d0.intoArray(out, to + LANES);
    c1.intoArray(out, to + toStride);
    d1.intoArray(out, to + toStride + LANES);
    c2.intoArray(out, to + 2 * toStride);
    d2.intoArray(out, to + 2 * toStride + LANES);
    c3.intoArray(out, to + 3 * toStride);
    d3.intoArray(out, to + 3 * toStride + LANES);
    c4.intoArray(out, to + 4 * toStride);
    d4.intoArray(out, to + 4 * toStride + LANES);
    c5.intoArray(out, to + 5 * toStride);
    d5.intoArray(out, to + 5 * toStride + LANES);
    c6.intoArray(out, to + 6 * toStride);
    d6.intoArray(out, to + 6 * toStride + LANES);
    c7.intoArray(out, to + 7 * toStride);
    d7.intoArray(out, to + 7 * toStride + LANES);
  }

  private static void multiply10(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      int j,
      int depth,
      float[] out,
      int to,
      int toStride) {
    FloatVector c0 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector d0 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c1 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector d1 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector d2 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride);
    FloatVector d3 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride);
    FloatVector d4 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride);
    FloatVector d5 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride + LANES);
    FloatVector c6 = FloatVector.fromArray(SPECIES, start, from + 6 * fromStride);
    FloatVector d6 = FloatVector.fromArray(SPECIES, start, from + 6 * fromStride + LANES);
    FloatVector c7 = FloatVector.fromArray(SPECIES, start, from + 7 * fromStride);
    FloatVector d7 = FloatVector.fromArray(SPECIES, start, from + 7 * fromStride + LANES);
    FloatVector c8 = FloatVector.fromArray(SPECIES, start, from + 8 * fromStride);
    FloatVector d8 = FloatVector.fromArray(SPECIES, start, from + 8 * fromStride + LANES);
    FloatVector c9 = FloatVector.fromArray(SPECIES, start, from + 9 * fromStride);
    FloatVector d9 = FloatVector.fromArray(SPECIES, start, from + 9 * fromStride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c0 = a0.fma(b0, c0);
      d0 = a0.fma(b1, d0);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c1 = a1.fma(b0, c1);
      d1 = a1.fma(b1, d1);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c2 = a2.fma(b0, c2);
      d2 = a2.fma(b1, d2);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[FIRST + k + 3 * ROW]);
      c3 = a3.fma(b0, c3);
      d3 = a3.fma(b1, d3);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[FIRST + k + 4 * ROW]);
      c4 = a4.fma(b0, c4);
      d4 = a4.fma(b1, d4);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[FIRST + k + 5 * ROW]);
      c5 = a5.fma(b0, c5);
      d5 = a5.fma(b1, d5);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[FIRST + k + 6 * ROW]);
      c6 = a6.fma(b0, c6);
      d6 = a6.fma(b1, d6);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[FIRST + k + 7 * ROW]);
      c7 = a7.fma(b0, c7);
      d7 = a7.fma(b1, d7);
      FloatVector a8 = FloatVector.broadcast(SPECIES, a[FIRST + k + 8 * ROW]);
      c8 = a8.fma(b0, c8);
      d8 = a8.fma(b1, d8);
      FloatVector a9 = FloatVector.broadcast(SPECIES, a[FIRST + k + 9 * ROW]);
      c9 = a9.fma(b0, c9);
      d9 = a9.fma(b1, d9);
      j += WIDTH;
    }
    c0.intoArray(out, to);
    d0.intoArray(out, to + LANES);
    c1.intoArray(out, to + toStride);
    d1.intoArray(out, to + toStride + LANES);
    c2.intoArray(out, to + 2 * toStride);
    d2.intoArray(out, to + 2 * toStride + LANES);
    c3.intoArray(out, to + 3 * toStride);
    d3.intoArray(out, to + 3 * toStride + LANES);
    c4.intoArray(out, to + 4 * toStride);
    d4.intoArray(out, to + 4 * toStride + LANES);
    c5.intoArray(out, to + 5 * toStride);
    d5.intoArray(out, to + 5 * toStride + LANES);
    c6.intoArray(out, to + 6 * toStride);
    d6.intoArray(out, to + 6 * toStride + LANES);
    c7.intoArray(out, to + 7 * toStride);
    d7.intoArray(out, to + 7 * toStride + LANES);
    c8.intoArray(out, to + 8 * toStride);
    d8.intoArray(out, to + 8 * toStride + LANES);
    c9.intoArray(out, to + 9 * toStride);
    d9.intoArray(out, to + 9 * toStride + LANES);
  }

  private static void multiply12(
      float[] start,
      int from,
      int fromStride,
      float[] a,
      float[] b,
      int j,
      int depth,
      float[] out,
      int to,
      int toStride) {
    FloatVector c0 = FloatVector.fromArray(SPECIES, start, from);
    FloatVector d0 = FloatVector.fromArray(SPECIES, start, from + LANES);
    FloatVector c1 = FloatVector.fromArray(SPECIES, start, from + fromStride);
    FloatVector d1 = FloatVector.fromArray(SPECIES, start, from + fromStride + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride);
    FloatVector d2 = FloatVector.fromArray(SPECIES, start, from + 2 * fromStride + LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride);
    FloatVector d3 = FloatVector.fromArray(SPECIES, start, from + 3 * fromStride + LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride);
    FloatVector d4 = FloatVector.fromArray(SPECIES, start, from + 4 * fromStride + LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride);
    FloatVector d5 = FloatVector.fromArray(SPECIES, start, from + 5 * fromStride + LANES);
    FloatVector c6 = FloatVector.fromArray(SPECIES, start, from + 6 * fromStride);
    FloatVector d6 = FloatVector.fromArray(SPECIES, start, from + 6 * fromStride + LANES);
    FloatVector c7 = FloatVector.fromArray(SPECIES, start, from + 7 * fromStride);
    FloatVector d7 = FloatVector.fromArray(SPECIES, start, from + 7 * fromStride + LANES);
    FloatVector c8 = FloatVector.fromArray(SPECIES, start, from + 8 * fromStride);
    FloatVector d8 = FloatVector.fromArray(SPECIES, start, from + 8 * fromStride + LANES);
    FloatVector c9 = FloatVector.fromArray(SPECIES, start, from + 9 * fromStride);
    FloatVector d9 = FloatVector.fromArray(SPECIES, start, from + 9 * fromStride + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, start, from + 10 * fromStride);
    FloatVector d10 = FloatVector.fromArray(SPECIES, start, from + 10 * fromStride + LANES);
    FloatVector c11 = FloatVector.fromArray(SPECIES, start, from + 11 * fromStride);
    FloatVector d11 = FloatVector.fromArray(SPECIES, start, from + 11 * fromStride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[FIRST + k]);
      c0 = a0.fma(b0, c0);
      d0 = a0.fma(b1, d0);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[FIRST + k + ROW]);
      c1 = a1.fma(b0, c1);
      d1 = a1.fma(b1, d1);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[FIRST + k + 2 * ROW]);
      c2 = a2.fma(b0, c2);
      d2 = a2.fma(b1, d2);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[FIRST + k + 3 * ROW]);
      c3 = a3.fma(b0, c3);
      d3 = a3.fma(b1, d3);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[FIRST + k + 4 * ROW]);
      c4 = a4.fma(b0, c4);
      d4 = a4.fma(b1, d4);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[FIRST + k + 5 * ROW]);
      c5 = a5.fma(b0, c5);
      d5 = a5.fma(b1, d5);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[FIRST + k + 6 * ROW]);
      c6 = a6.fma(b0, c6);
      d6 = a6.fma(b1, d6);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[FIRST + k + 7 * ROW]);
      c7 = a7.fma(b0, c7);
      d7 = a7.fma(b1, d7);
      FloatVector a8 = FloatVector.broadcast(SPECIES, a[FIRST + k + 8 * ROW]);
      c8 = a8.fma(b0, c8);
      d8 = a8.fma(b1, d8);
      FloatVector a9 = FloatVector.broadcast(SPECIES, a[FIRST + k + 9 * ROW]);
      c9 = a9.fma(b0, c9);
      d9 = a9.fma(b1, d9);
      FloatVector a10 = FloatVector.broadcast(SPECIES, a[FIRST + k + 10 * ROW]);
      c10 = a10.fma(b0, c10);
      d10 = a10.fma(b1, d10);
      FloatVector a11 = FloatVector.broadcast(SPECIES, a[FIRST + k + 11 * ROW]);
      c11 = a11.fma(b0, c11);
      d11 = a11.fma(b1, d11);
      j += WIDTH;
    }
    c0.intoArray(out, to);
    d0.intoArray(out, to + LANES);
    c1.intoArray(out, to + toStride);
    d1.intoArray(out, to + toStride + LANES);
    c2.intoArray(out, to + 2 * toStride);
    d2.intoArray(out, to + 2 * toStride + LANES);
    c3.intoArray(out, to + 3 * toStride);
    d3.intoArray(out, to + 3 * toStride + LANES);
    c4.intoArray(out, to + 4 * toStride);
    d4.intoArray(out, to + 4 * toStride + LANES);
    c5.intoArray(out, to + 5 * toStride);
    d5.intoArray(out, to + 5 * toStride + LANES);
    c6.intoArray(out, to + 6 * toStride);
    d6.intoArray(out, to + 6 * toStride + LANES);
    c7.intoArray(out, to + 7 * toStride);
    d7.intoArray(out, to + 7 * toStride + LANES);
    c8.intoArray(out, to + 8 * toStride);
    d8.intoArray(out, to + 8 * toStride + LANES);
    c9.intoArray(out, to + 9 * toStride);
    d9.intoArray(out, to + 9 * toStride + LANES);
    c10.intoArray(out, to + 10 * toStride);
    d10.intoArray(out, to + 10 * toStride + LANES);
    c11.intoArray(out, to + 11 * toStride);
    d11.intoArray(out, to + 11 * toStride + LANES);
  }
}
