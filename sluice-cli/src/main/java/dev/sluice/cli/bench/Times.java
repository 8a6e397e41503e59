package dev.sluice.cli.bench;

import java.util.Arrays;

/** How long each of many runs took, in nanoseconds. */
public final class Times {
  private final long[] sorted;

  private Times(long[] sorted) {
    this.sorted = sorted;
  }

  /** These times, in any order. */
  public static Times of(long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Times(sorted);
  }

  /** How many runs there were. */
  public int runs() {
    return sorted.length;
  }

  /** The smallest time that the share {@code q} of all runs did not exceed, in nanoseconds. */
  public double quantile(double q) {
    return sorted[Math.clamp((long) Math.ceil(q * sorted.length) - 1, 0, sorted.length - 1)];
  }
}
