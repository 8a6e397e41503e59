package dev.sluice.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Multiply-adds from registers to registers: as many in a second as the machine can do at all. */
public final class FmaKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Independent chains, enough to hide the latency of an instruction on two units. */
  private static final int CHAINS = 12;

  /** Rounds of one call: small, so that the compiled method is entered often. */
  private static final int ROUNDS = 1000;

  private FmaKernel() {}

  /** At least so many multiply-adds; returns a number that depends on all of them. */
  public static float run(long multiplyAdds) {
    long perCall = (long) ROUNDS * CHAINS * SPECIES.length();
    float sum = 0;
    for (long done = 0; done < multiplyAdds; done += perCall) {
      int rounds =
          (int) Math.min(ROUNDS, Math.ceilDiv(multiplyAdds - done, CHAINS * SPECIES.length()));
      sum += rounds(rounds);
    }
    return sum;
  }

  private static float rounds(int rounds) {
    FloatVector a = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector b = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector c0 = a;
    FloatVector c1 = a;
    FloatVector c2 = a;
    FloatVector c3 = a;
    FloatVector c4 = a;
    FloatVector c5 = a;
    FloatVector c6 = b;
    FloatVector c7 = b;
    FloatVector c8 = b;
    FloatVector c9 = b;
    FloatVector c10 = b;
    FloatVector c11 = b;
    for (int i = 0; i < rounds; i++) {
      c0 = c0.fma(a, b);
      c1 = c1.fma(a, b);
      c2 = c2.fma(a, b);
      c3 = c3.fma(a, b);
      c4 = c4.fma(a, b);
      c5 = c5.fma(a, b);
      c6 = c6.fma(a, b);
      c7 = c7.fma(a, b);
      c8 = c8.fma(a, b);
      c9 = c9.fma(a, b);
      c10 = c10.fma(a, b);
      c11 = c11.fma(a, b);
    }
    FloatVector left = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    FloatVector right = c6.add(c7).add(c8).add(c9).add(c10).add(c11);
    return left.add(right).lane(0);
  }
}
