package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.FIRST;
import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Turns rows into columns, a square block of {@link VectorLanes#LANES} rows and columns at a time; what is left at
 * the edges goes number by number.
 *
 * <p>In a block, each round zips row i with row i + LANES / 2 into rows 2i and 2i + 1, which rotates the bits of a number's place
 * by one: after log₂ LANES rounds, rows have become columns. In a loop rather than in registers, because that is the
 * same for every number of lanes, and nearly as fast.
 *
 * <p>One thread at a time.
 */
final class VectorTranspose {
  private static final int HALF = LANES / 2;
  private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(SPECIES, i -> i / 2);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.fromOp(SPECIES, i -> HALF + i / 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xAAAA_AAAA_AAAA_AAAAL);

  private float[] block = new float[FIRST + LANES * LANES];
  private float[] next = new float[FIRST + LANES * LANES];

  /** y[j][i] = x[i][j], {@code rows} by {@code cols} numbers of x. */
  void transpose(
      float[] x, int at, int stride, int rows, int cols, float[] y, int to, int toStride) {
    int wholeRows = rows - rows % LANES;
    int wholeCols = cols - cols % LANES;
    for (int i = 0; i < wholeRows; i += LANES) {
      for (int j = 0; j < wholeCols; j += LANES) {
        transposeBlock(x, at + i * stride + j, stride, y, to + j * toStride + i, toStride);
      }
    }
    for (int i = 0; i < rows; i++) {
      for (int j = i < wholeRows ? wholeCols : 0; j < cols; j++) {
        y[to + j * toStride + i] = x[at + i * stride + j];
      }
    }
  }

  private void transposeBlock(float[] x, int at, int stride, float[] y, int to, int toStride) {
    zip(x, at, stride, block, FIRST, LANES);
    for (int bit = 4; bit < LANES; bit *= 2) {
      zip(block, FIRST, LANES, next, FIRST, LANES);
      float[] zipped = next;
      next = block;
      block = zipped;
    }
    zip(block, FIRST, LANES, y, to, toStride);
  }

  private static void zip(float[] x, int at, int stride, float[] y, int to, int toStride) {
    for (int i = 0; i < HALF; i++) {
      FloatVector a = load(x, at + i * stride);
      FloatVector b = load(x, at + (i + HALF) * stride);
      a.rearrange(LOW).blend(b.rearrange(LOW), ODD).intoArray(y, to + 2 * i * toStride);
      a.rearrange(HIGH).blend(b.rearrange(HIGH), ODD).intoArray(y, to + (2 * i + 1) * toStride);
    }
  }
}
