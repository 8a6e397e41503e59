package dev.sluice.bench.jmh;

import java.util.Arrays;

/** Shapes as parameters of benchmarks: {@code 20x200x800}. */
final class Shapes {
  private Shapes() {}

  static int[] sizes(String shape) {
    return Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
