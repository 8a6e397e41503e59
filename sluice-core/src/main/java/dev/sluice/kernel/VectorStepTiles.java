package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of a step: z = b + a · W for a row a and eight or four vectors of columns, W read
 * row after row, once.
 *
 * <p>Eight sums in flight hide the latency of the multiply-add; they are local variables, written
 * out, for the reason given in {@link VectorTiles4}. The JIT compiles each method on its own, for the reason
 * given in {@link VectorActivations}; with two loops of eight sums in one, it would run out of nodes,
 * too.
 */
final class VectorStepTiles {
  private static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.withShape(SPECIES.vectorShape());
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final long V = (long) LANES * Float.BYTES;
  private static final long EIGHT = 8 * V;
  private static final long FOUR = 4 * V;
  private static final long TWO = 2 * V;
  private static final int UPPER = 0xFFFF0000;

  private static int one = 1;

  private VectorStepTiles() {}

  /** The first row is at byte {@code at}; rows follow one another. */
  static void sum8(
      float[] b, int bAt, float[] a, int depth, MemorySegment w, long at, float[] z, int zAt) {
    FloatVector z0 = load(b, bAt);
    FloatVector z1 = load(b, bAt + LANES);
    FloatVector z2 = load(b, bAt + 2 * LANES);
    FloatVector z3 = load(b, bAt + 3 * LANES);
    FloatVector z4 = load(b, bAt + 4 * LANES);
    FloatVector z5 = load(b, bAt + 5 * LANES);
    FloatVector z6 = load(b, bAt + 6 * LANES);
    FloatVector z7 = load(b, bAt + 7 * LANES);
    for (int k = 0; k < depth; k++) {
      long row = at + k * EIGHT;
      FloatVector ak = FloatVector.broadcast(SPECIES, a[k]);
      z0 = ak.fma(load(w, row), z0);
      z1 = ak.fma(load(w, row + V), z1);
      z2 = ak.fma(load(w, row + 2 * V), z2);
      z3 = ak.fma(load(w, row + 3 * V), z3);
      z4 = ak.fma(load(w, row + 4 * V), z4);
      z5 = ak.fma(load(w, row + 5 * V), z5);
      z6 = ak.fma(load(w, row + 6 * V), z6);
      z7 = ak.fma(load(w, row + 7 * V), z7);
    }
    z0.intoArray(z, zAt);
    z1.intoArray(z, zAt + LANES);
    z2.intoArray(z, zAt + 2 * LANES);
    z3.intoArray(z, zAt + 3 * LANES);
    z4.intoArray(z, zAt + 4 * LANES);
    z5.intoArray(z, zAt + 5 * LANES);
    z6.intoArray(z, zAt + 6 * LANES);
    z7.intoArray(z, zAt + 7 * LANES);
  }

  /** Four vectors of columns, as floats or as {@link #sumHalf8} has them: one method, because each would be a small one. */
  static void sum4(
      float[] b,
      int bAt,
      float[] a,
      int depth,
      MemorySegment w,
      boolean bfloat16,
      long at,
      float[] z,
      int zAt) {
    FloatVector z0 = load(b, bAt);
    FloatVector z1 = load(b, bAt + LANES);
    FloatVector z2 = load(b, bAt + 2 * LANES);
    FloatVector z3 = load(b, bAt + 3 * LANES);
    if (bfloat16) {
      for (int k = 0; k < depth; k += one()) {
        MemorySegment row = w.asSlice(at + k * TWO, TWO);
        FloatVector ak = FloatVector.broadcast(SPECIES, a[k]);
        IntVector w01 = pairs(row, 0);
        IntVector w23 = pairs(row, V);
        z0 = ak.fma(lower(w01), z0);
        z1 = ak.fma(upper(w01), z1);
        z2 = ak.fma(lower(w23), z2);
        z3 = ak.fma(upper(w23), z3);
      }
    } else {
      for (int k = 0; k < depth; k++) {
        long row = at + k * FOUR;
        FloatVector ak = FloatVector.broadcast(SPECIES, a[k]);
        z0 = ak.fma(load(w, row), z0);
        z1 = ak.fma(load(w, row + V), z1);
        z2 = ak.fma(load(w, row + 2 * V), z2);
        z3 = ak.fma(load(w, row + 3 * V), z3);
      }
    }
    z0.intoArray(z, zAt);
    z1.intoArray(z, zAt + LANES);
    z2.intoArray(z, zAt + 2 * LANES);
    z3.intoArray(z, zAt + 3 * LANES);
  }

  /** {@link #sum8} with bfloat16 in pairs. A row is a segment, so that its bounds are looked at once. */
  static void sumHalf8(
      float[] b, int bAt, float[] a, int depth, MemorySegment w, long at, float[] z, int zAt) {
    FloatVector z0 = load(b, bAt);
    FloatVector z1 = load(b, bAt + LANES);
    FloatVector z2 = load(b, bAt + 2 * LANES);
    FloatVector z3 = load(b, bAt + 3 * LANES);
    FloatVector z4 = load(b, bAt + 4 * LANES);
    FloatVector z5 = load(b, bAt + 5 * LANES);
    FloatVector z6 = load(b, bAt + 6 * LANES);
    FloatVector z7 = load(b, bAt + 7 * LANES);
    for (int k = 0; k < depth; k += one()) {
      MemorySegment row = w.asSlice(at + k * FOUR, FOUR);
      FloatVector ak = FloatVector.broadcast(SPECIES, a[k]);
      IntVector w01 = pairs(row, 0);
      IntVector w23 = pairs(row, V);
      IntVector w45 = pairs(row, 2 * V);
      IntVector w67 = pairs(row, 3 * V);
      z0 = ak.fma(lower(w01), z0);
      z1 = ak.fma(upper(w01), z1);
      z2 = ak.fma(lower(w23), z2);
      z3 = ak.fma(upper(w23), z3);
      z4 = ak.fma(lower(w45), z4);
      z5 = ak.fma(upper(w45), z5);
      z6 = ak.fma(lower(w67), z6);
      z7 = ak.fma(upper(w67), z7);
    }
    z0.intoArray(z, zAt);
    z1.intoArray(z, zAt + LANES);
    z2.intoArray(z, zAt + 2 * LANES);
    z3.intoArray(z, zAt + 3 * LANES);
    z4.intoArray(z, zAt + 4 * LANES);
    z5.intoArray(z, zAt + 5 * LANES);
    z6.intoArray(z, zAt + 6 * LANES);
    z7.intoArray(z, zAt + 7 * LANES);
  }

  /**
   * 1, which the JIT does not know where a vector has 16 floats: a loop whose stride it knows it unrolls eight times, and then
   * so many vectors are widened before their use that most go by way of memory. That took 1.2 to 1.4 times as long; with 8
   * floats, where the sums leave no room for that, unrolled loops are the faster.
   */
  private static int one() {
    return LANES == 16 ? one : 1;
  }

  private static FloatVector load(float[] z, int at) {
    return FloatVector.fromArray(SPECIES, z, at);
  }

  private static FloatVector load(MemorySegment w, long at) {
    return FloatVector.fromMemorySegment(SPECIES, w, at, NATIVE);
  }

  private static IntVector pairs(MemorySegment w, long at) {
    return IntVector.fromMemorySegment(INTS, w, at, NATIVE);
  }

  private static FloatVector lower(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
  }

  private static FloatVector upper(IntVector pairs) {
    return pairs.and(UPPER).reinterpretAsFloats();
  }
}
