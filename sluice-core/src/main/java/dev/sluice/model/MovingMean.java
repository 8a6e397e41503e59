package dev.sluice.model;

/** The mean of the last numbers. Not for concurrent use. */
final class MovingMean {
  private final double[] last;
  private long count;

  MovingMean(int length) {
    last = new double[length];
  }

  void add(double number) {
    last[(int) (count++ % last.length)] = number;
  }

  boolean isFull() {
    return count >= last.length;
  }

  /** Summed anew each time: no rounding error that grows with the stream. */
  double value() {
    double sum = 0;
    for (double number : last) {
      sum += number;
    }
    return sum / last.length;
  }
}
