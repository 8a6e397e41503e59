package dev.sluice.train;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How often each of K classes was taken for which, and the figures that follow from it.
 *
 * <p>Precision, recall and F1 are those of scikit-learn with {@code zero_division=0}: what would be
 * 0 / 0 is 0. Memory grows with the kinds of mistakes made, not with K². Not for concurrent use.
 */
public final class ConfusionMatrix implements Findings {
  private final int[] truths; // (K) examples of each class
  private final int[] predictions; // (K) predictions of each class
  private final Map<Cell, Integer> counts = new HashMap<>();
  private int total;

  /** Examples of class {@code truth} that were taken for {@code predicted}, {@code count} of them. */
  public record Confusion(int truth, int predicted, int count) {}

  private record Cell(int truth, int predicted) {}

  /** No example yet, of {@code classes} classes. */
  public ConfusionMatrix(int classes) {
    truths = new int[classes];
    predictions = new int[classes];
  }

  /** Counts one example. */
  public void add(int truth, int predicted) {
    truths[truth]++;
    predictions[predicted]++;
    counts.merge(new Cell(truth, predicted), 1, Integer::sum);
    total++;
  }

  /** How many examples of {@code truth} were taken for {@code predicted}. */
  public int count(int truth, int predicted) {
    return counts.getOrDefault(new Cell(truth, predicted), 0);
  }

  /** How many examples were counted. */
  public int total() {
    return total;
  }

  /** How many examples of class {@code k} were counted. */
  public int support(int k) {
    return truths[k];
  }

  /** The share of examples that were predicted right, 0 to 1. */
  public double accuracy() {
    int right = IntStream.range(0, truths.length).map(k -> count(k, k)).sum();
    return ratio(right, total);
  }

  /** The share of the predictions of class {@code k} that were right. */
  public double precision(int k) {
    return ratio(count(k, k), predictions[k]);
  }

  /** The share of the examples of class {@code k} that were predicted right. */
  public double recall(int k) {
    return ratio(count(k, k), truths[k]);
  }

  /** The harmonic mean of precision and recall of class {@code k}. */
  public double f1(int k) {
    return ratio(2 * count(k, k), truths[k] + predictions[k]);
  }

  /** The mean F1 of the classes that occur, be it as a truth or as a prediction. */
  public double macroF1() {
    return IntStream.range(0, truths.length)
        .filter(k -> truths[k] + predictions[k] > 0)
        .mapToDouble(this::f1)
        .average()
        .orElse(0);
  }

  /** The {@code n} most frequent mistakes, the most frequent first, equal ones by class. */
  public List<Confusion> mostConfused(int n) {
    return counts.entrySet().stream()
        .map(e -> new Confusion(e.getKey().truth, e.getKey().predicted, e.getValue()))
        .filter(c -> c.truth != c.predicted)
        .sorted(
            Comparator.comparingInt(Confusion::count)
                .reversed()
                .thenComparingInt(Confusion::truth)
                .thenComparingInt(Confusion::predicted))
        .limit(n)
        .toList();
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
