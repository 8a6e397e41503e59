package dev.sluice.cli.bench;

import java.util.Arrays;

/**
 * How long each of many runs took, in nanoseconds. Every run is timed alone; the clock itself adds about 20 to 40 ns
 * to each.
 */
public final class Times {
  private final long[] sorted;

  private Times(long[] sorted) {
    this.sorted = sorted;
  }

  /** Runs {@code task} again and again for so many seconds, at least once. */
  public static Times measure(Task task, double seconds) {
    long[] nanos = new long[1 << 10];
    int runs = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long now;
    do {
      if (runs == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * runs);
      }
      long start = System.nanoTime();
      task.run();
      now = System.nanoTime();
      nanos[runs++] = now - start;
    } while (now - end < 0);
    return of(Arrays.copyOf(nanos, runs));
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
