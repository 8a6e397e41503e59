package dev.sluice.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Reads memory and nothing else: as fast as the caches that it fits in can deliver. */
public final class ReadKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long VECTOR = SPECIES.vectorByteSize();

  /** Vectors in one pass of the loop. */
  private static final long UNROLL = 8;

  private static final long LINE = 64;

  private final MemorySegment[] parts;

  /** Room for {@code floats} numbers, each thread reading a part of its own. */
  public ReadKernel(int floats, int threads) {
    long pass = UNROLL * VECTOR;
    long size = Math.ceilDiv((long) floats * Float.BYTES, pass * threads) * pass;
    parts = new MemorySegment[threads];
    for (int i = 0; i < threads; i++) {
      parts[i] = Arena.ofAuto().allocate(size, LINE);
    }
  }

  /** Bytes of all parts. */
  public long size() {
    return parts.length * parts[0].byteSize();
  }

  /** Reads a part; returns a number that depends on all that was read. */
  public float read(int part) {
    return sum(parts[part]);
  }

  private static float sum(MemorySegment data) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (long at = 0; at < data.byteSize(); at += UNROLL * VECTOR) {
      s0 = s0.add(FloatVector.fromMemorySegment(SPECIES, data, at, ORDER));
      s1 = s1.add(FloatVector.fromMemorySegment(SPECIES, data, at + VECTOR, ORDER));
      s2 = s2.add(FloatVector.fromMemorySegment(SPECIES, data, at + 2 * VECTOR, ORDER));
      s3 = s3.add(FloatVector.fromMemorySegment(SPECIES, data, at + 3 * VECTOR, ORDER));
      s4 = s4.add(FloatVector.fromMemorySegment(SPECIES, data, at + 4 * VECTOR, ORDER));
      s5 = s5.add(FloatVector.fromMemorySegment(SPECIES, data, at + 5 * VECTOR, ORDER));
      s6 = s6.add(FloatVector.fromMemorySegment(SPECIES, data, at + 6 * VECTOR, ORDER));
      s7 = s7.add(FloatVector.fromMemorySegment(SPECIES, data, at + 7 * VECTOR, ORDER));
    }
    return s0.add(s1).add(s2).add(s3).add(s4).add(s5).add(s6).add(s7).lane(0);
  }
}
