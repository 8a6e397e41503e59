package dev.sluice.cli.bench;

import java.util.Arrays;

/** A workload made ready in an engine, whose runs are timed: Sluice's, or in a comparison a peer's. */
public interface Task extends AutoCloseable {
  /** One step of a stream, one batch, or one step of training. */
  void run();

  /**
   * What the last run computed: the output of the step; all outputs of the last layer, step by step, row by row; or the
   * loss. For comparing engines.
   */
  float[] result();

  /**
   * Runs again and again for so many seconds, at least once. Every run is timed alone; the clock itself adds some 20 to 40 ns
   * to each.
   */
  default Times measure(double seconds) {
    long[] nanos = new long[1 << 10];
    int runs = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long now;
    do {
      if (runs == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * runs);
      }
      long start = System.nanoTime();
      run();
      now = System.nanoTime();
      nanos[runs++] = now - start;
    } while (now - end < 0);
    return Times.of(Arrays.copyOf(nanos, runs));
  }

  /** Ends threads and frees what Java does not. */
  @Override
  void close();
}
