package dev.sluice.bench.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What invocations did, which JMH reports per second: GFLOP/s, GB/s, or billions of elements a second. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
  /** Billions of floating-point operations. */
  public double gflop;

  /** Billions of bytes read. */
  public double gigabytes;

  /** Billions of elements. */
  public double gigaelements;
}
