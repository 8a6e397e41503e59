package dev.sluice.cli.bench;

/**
 * A number that is reported of the times of many runs: a quantile of the time of one run, in some unit, or how much of
 * something was done in a second at that time.
 *
 * @param name with its unit: {@code ns/step p99}
 * @param quantile 0.5 for the median
 * @param nanos one unit of time, or a second of all the things that one run does
 * @param rate whether it is things per second, more being better, and not time
 */
public record Metric(String name, double quantile, double nanos, boolean rate) {
  private static final double SECOND = 1e9;

  /** Time of one run in units of {@code nanos}. */
  static Metric time(String name, double quantile, double nanos) {
    return new Metric(name, quantile, nanos, false);
  }

  /** How many a second, when a run does {@code count}. */
  static Metric rate(String name, double count) {
    return new Metric(name, 0.5, count * SECOND, true);
  }

  /** The number for these times. */
  public double of(Times times) {
    return of(times.quantile(quantile));
  }

  /** The number for runs that take so many nanoseconds. */
  public double of(double runNanos) {
    return rate ? nanos / runNanos : runNanos / nanos;
  }
}
