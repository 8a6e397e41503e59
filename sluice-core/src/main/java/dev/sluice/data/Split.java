package dev.sluice.data;

import dev.sluice.matrix.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Divides examples at random into parts, such as training, validation and test data. */
public final class Split {
  private Split() {}

  /**
   * Shuffles {@code items} and cuts them into one part for each share, every item being in exactly
   * one.
   *
   * @param shares the parts' sizes in proportion to each other: 80, 10, 10
   * @throws IllegalArgumentException unless every share is above 0
   */
  public static <T> List<List<T>> of(List<T> items, RandomKey key, int... shares) {
    long whole = Arrays.stream(shares).asLongStream().sum();
    if (shares.length == 0 || Arrays.stream(shares).min().getAsInt() < 1) {
      throw new IllegalArgumentException(
          "a split needs shares above 0, got " + Arrays.toString(shares));
    }
    int[] order = key.permutation(items.size());
    List<List<T>> parts = new ArrayList<>();
    int from = 0;
    long shareSoFar = 0;
    for (int share : shares) {
      shareSoFar += share;
      int to = (int) (items.size() * shareSoFar / whole);
      parts.add(Arrays.stream(order, from, to).<T>mapToObj(items::get).toList());
      from = to;
    }
    return parts;
  }
}
