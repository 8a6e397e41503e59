package dev.sluice.train;

import dev.sluice.kernel.Workers;

/** Splits a loop over one large array into blocks for threads. Block bounds depend on the length alone. */
final class Blocks {
  /** Floats in a block: a few arrays of it stay in the second-level cache. */
  static final int SIZE = 1 << 14;

  interface Body {
    void run(int from, int to);
  }

  private Blocks() {}

  static int count(int length) {
    return Math.ceilDiv(length, SIZE);
  }

  static void run(Workers workers, int length, Body body) {
    workers.run(count(length), b -> body.run(b * SIZE, (int) Math.min(length, (b + 1L) * SIZE)));
  }
}
