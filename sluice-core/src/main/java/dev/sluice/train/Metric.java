package dev.sluice.train;

/** What an {@link Objective} is judged by on held-out data, and which way is better. */
public enum Metric {
  /** The share of right answers, 0 to 1. */
  ACCURACY("accuracy", true),
  /** F1 over the labels of all examples together, 0 to 1, where an example has any number of them. */
  MICRO_F1("micro F1", true),
  /** The exponential of the mean cross-entropy of a token. */
  PERPLEXITY("perplexity", false),
  /** The loss that is trained. */
  LOSS("loss", false);

  private final String words;
  private final boolean higherIsBetter;

  Metric(String words, boolean higherIsBetter) {
    this.words = words;
    this.higherIsBetter = higherIsBetter;
  }

  /** How people call it. */
  public String words() {
    return words;
  }

  /** Whether {@code value} is better than {@code other}; not a number is worse than anything. */
  public boolean isBetter(double value, double other) {
    return Double.isNaN(other) || (higherIsBetter ? value > other : value < other);
  }

  /** {@code value} for people: a share in percent, anything else as a number. */
  public String format(double value) {
    return this == ACCURACY || this == MICRO_F1
        ? "%.2f %%".formatted(100 * value)
        : "%.4f".formatted(value);
  }
}
