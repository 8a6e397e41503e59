package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLanes.load;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Kernels#sum}: its sixteen running sums are the lanes of one, two or four vectors.
 *
 * <p>Never {@code reduceLanes}, whose order of addition is not specified.
 */
final class VectorSums {
  static final int SUMS = 16;

  private VectorSums() {}

  /** {@code sums} is room for the running sums. */
  static float sum(float[] data, int offset, int length, float[] sums) {
    int whole = length - length % SUMS;
    for (int lane = 0; lane < SUMS; lane += LANES) {
      column(data, offset + lane, offset + whole).intoArray(sums, lane);
    }
    for (int i = whole; i < length; i++) {
      sums[i - whole] += data[offset + i];
    }
    return ScalarKernels.foldSixteen(sums);
  }

  private static FloatVector column(float[] data, int from, int to) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += SUMS) {
      sum = sum.add(load(data, i));
    }
    return sum;
  }
}
