package dev.sluice.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * y = (a · W) ⊙ scales for eight vectors of columns with W in int8, as well as it goes in registers:
 * four weights to an int, each widened by shifts and a conversion.
 */
final class Int8Strip {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final long V = SPECIES.vectorByteSize();

  /** Columns of a strip. */
  static final int COLUMNS = 8 * LANES;

  private Int8Strip() {}

  /** Where in a row of a strip the weight of a column is: byte v of int l for lane l of vector v, then v - 4. */
  static int place(int column) {
    int vector = column / LANES;
    return vector / 4 * 4 * LANES + column % LANES * 4 + vector % 4;
  }

  static void multiply(MemorySegment w, long at, float[] a, float[] scales, float[] y, int column) {
    FloatVector y0 = FloatVector.zero(SPECIES);
    FloatVector y1 = y0;
    FloatVector y2 = y0;
    FloatVector y3 = y0;
    FloatVector y4 = y0;
    FloatVector y5 = y0;
    FloatVector y6 = y0;
    FloatVector y7 = y0;
    for (int k = 0; k < a.length; k++) {
      long row = at + 2 * V * k;
      FloatVector ak = FloatVector.broadcast(SPECIES, a[k]);
      IntVector low = IntVector.fromMemorySegment(INTS, w, row, ByteOrder.nativeOrder());
      IntVector high = IntVector.fromMemorySegment(INTS, w, row + V, ByteOrder.nativeOrder());
      y0 = ak.fma(widened(low, 24), y0);
      y1 = ak.fma(widened(low, 16), y1);
      y2 = ak.fma(widened(low, 8), y2);
      y3 = ak.fma(widened(low, 0), y3);
      y4 = ak.fma(widened(high, 24), y4);
      y5 = ak.fma(widened(high, 16), y5);
      y6 = ak.fma(widened(high, 8), y6);
      y7 = ak.fma(widened(high, 0), y7);
    }
    store(y0, scales, y, column);
    store(y1, scales, y, column + LANES);
    store(y2, scales, y, column + 2 * LANES);
    store(y3, scales, y, column + 3 * LANES);
    store(y4, scales, y, column + 4 * LANES);
    store(y5, scales, y, column + 5 * LANES);
    store(y6, scales, y, column + 6 * LANES);
    store(y7, scales, y, column + 7 * LANES);
  }

  /** The byte that {@code left} bits lift to the top. */
  private static FloatVector widened(IntVector four, int left) {
    return (FloatVector)
        four.lanewise(VectorOperators.LSHL, left)
            .lanewise(VectorOperators.ASHR, 24)
            .convert(VectorOperators.I2F, 0);
  }

  private static void store(FloatVector sum, float[] scales, float[] y, int at) {
    sum.mul(FloatVector.fromArray(SPECIES, scales, at)).intoArray(y, at);
  }
}
