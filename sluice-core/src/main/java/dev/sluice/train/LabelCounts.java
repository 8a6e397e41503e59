package dev.sluice.train;

import java.util.stream.IntStream;

/**
 * How often each of K independent labels was given and how often that was right, and the figures that
 * follow: those of scikit-learn with {@code zero_division=0}. A label is given when its probability is
 * above a half, so when its score is above 0. Not for concurrent use.
 */
public final class LabelCounts {
  private final int[] right; // (K) given, and it applies
  private final int[] given; // (K)
  private final int[] applies; // (K)
  private int examples;
  private int exact;

  /** No example yet, of {@code labels} labels. */
  public LabelCounts(int labels) {
    right = new int[labels];
    given = new int[labels];
    applies = new int[labels];
  }

  /** Counts one example: for each label whether it was {@code given} and whether it {@code applies}. */
  public void add(boolean[] given, boolean[] applies) {
    boolean same = true;
    for (int k = 0; k < right.length; k++) {
      this.given[k] += given[k] ? 1 : 0;
      this.applies[k] += applies[k] ? 1 : 0;
      right[k] += given[k] && applies[k] ? 1 : 0;
      same &= given[k] == applies[k];
    }
    examples++;
    exact += same ? 1 : 0;
  }

  /** How many examples were counted. */
  public int examples() {
    return examples;
  }

  /** The share of examples whose labels were all right. */
  public double exactMatch() {
    return ratio(exact, examples);
  }

  /** How many examples label {@code k} applies to. */
  public int support(int k) {
    return applies[k];
  }

  /** The share of the times label {@code k} was given that it applies. */
  public double precision(int k) {
    return ratio(right[k], given[k]);
  }

  /** The share of the examples label {@code k} applies to that it was given to. */
  public double recall(int k) {
    return ratio(right[k], applies[k]);
  }

  /** The harmonic mean of precision and recall of label {@code k}. */
  public double f1(int k) {
    return ratio(2L * right[k], (long) given[k] + applies[k]);
  }

  /** F1 over all labels together. */
  public double microF1() {
    return ratio(2 * sum(right), sum(given) + sum(applies));
  }

  /** The mean F1 of the labels that apply or are given anywhere. */
  public double macroF1() {
    return IntStream.range(0, right.length)
        .filter(k -> given[k] + applies[k] > 0)
        .mapToDouble(this::f1)
        .average()
        .orElse(0);
  }

  private static long sum(int... counts) {
    return IntStream.of(counts).asLongStream().sum();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
