package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLanes.load;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#sum} and {@link Kernels#sumOfSquares}: their sixteen running sums are the lanes of some vectors. And {@link
 * Kernels#add} and {@link Kernels#max}.
 *
 * <p>Never {@code reduceLanes} of a sum, whose order of addition is not specified; a maximum is the same in any order.
 */
final class VectorSums {
  static final int SUMS = 16;

  private static final int DOUBLES = LANES / 2;
  private static final VectorSpecies<Double> WIDE = SPECIES.withLanes(double.class);

  private VectorSums() {}

  static void add(float[] x, int from, float[] y, int to, int length) {
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      load(y, to + i).add(load(x, from + i)).intoArray(y, to + i);
    }
    for (; i < length; i++) {
      y[to + i] += x[from + i];
    }
  }

  /** {@code sums} is room for the running sums. */
  static float sum(float[] data, int offset, int length, float[] sums) {
    int whole = length - length % SUMS;
    for (int lane = 0; lane < SUMS; lane += LANES) {
      sumColumn(data, offset + lane, offset + whole, sums, lane);
    }
    for (int i = whole; i < length; i++) {
      sums[i - whole] += data[offset + i];
    }
    return ScalarKernels.foldSixteen(sums);
  }

  /** {@code sums} is room for the running sums. A square of a float is exact in double, so fused or not is the same. */
  static double sumOfSquares(float[] data, int offset, int length, double[] sums) {
    int whole = length - length % SUMS;
    for (int lane = 0; lane < SUMS; lane += 2 * DOUBLES) {
      sumSquaresOfColumns(data, offset + lane, offset + whole, sums, lane);
    }
    for (int i = whole; i < length; i++) {
      double x = data[offset + i];
      sums[i - whole] += x * x;
    }
    return ScalarKernels.foldSquares(sums);
  }

  static float max(float[] data, int offset, int length) {
    FloatVector even = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector odd = even;
    int i = 0;
    for (; i <= length - 2 * LANES; i += 2 * LANES) {
      even = even.max(load(data, offset + i));
      odd = odd.max(load(data, offset + i + LANES));
    }
    float max = even.max(odd).reduceLanes(VectorOperators.MAX);
    for (; i < length; i++) {
      max = Math.max(max, data[offset + i]);
    }
    return max;
  }

  /** Sets its sums itself: a vector that is returned becomes an object, in every round of the loop. */
  private static void sumColumn(float[] data, int from, int to, float[] sums, int lane) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += SUMS) {
      sum = sum.add(load(data, i));
    }
    sum.intoArray(sums, lane);
  }

  /**
   * Two vectors, because one alone would wait for its own sum. Converted from one vector of floats, not from two of half its
   * length: see {@link VectorLanes}.
   */
  private static void sumSquaresOfColumns(float[] data, int from, int to, double[] sums, int lane) {
    DoubleVector even = DoubleVector.zero(WIDE);
    DoubleVector odd = even;
    for (int i = from; i < to; i += SUMS) {
      FloatVector xy = load(data, i);
      DoubleVector x = (DoubleVector) xy.castShape(WIDE, 0);
      DoubleVector y = (DoubleVector) xy.castShape(WIDE, 1);
      even = x.fma(x, even);
      odd = y.fma(y, odd);
    }
    even.intoArray(sums, lane);
    odd.intoArray(sums, lane + DOUBLES);
  }
}
