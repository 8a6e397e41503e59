package dev.sluice.data;

import dev.sluice.matrix.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which sequences of a ragged data set go together in a batch, and in which order batches come.
 *
 * <p>A step of a batch is fast when all its sequences are still alive, so sequences of like length
 * go together. In training that must not become the same order every epoch, so they are sorted only
 * within random pools of {@value #POOL} batches. Every sequence is in exactly one batch; a batch is
 * the indices of its sequences, longest first, and only one of them may be smaller than the rest.
 */
public final class Batches {
  private static final int POOL = 50;

  private Batches() {}

  /**
   * The batches of one epoch of training, in a random order that is a function of key and epoch.
   *
   * @param lengths the length of every sequence
   */
  public static int[][] training(int[] lengths, int batchSize, RandomKey key, int epoch) {
    RandomKey epochKey = key.fold(epoch);
    int[] order = epochKey.fold("sequences").permutation(lengths.length);
    int pool = Math.clamp((long) POOL * batchSize, 1, Math.max(1, order.length));
    for (int from = 0; from < order.length; from += pool) {
      sortByFallingLength(order, from, Math.min(from + pool, order.length), lengths);
    }
    int[][] batches = cut(order, batchSize);
    int[] shuffled = epochKey.fold("batches").permutation(batches.length);
    return Arrays.stream(shuffled).mapToObj(i -> batches[i]).toArray(int[][]::new);
  }

  /**
   * The batches of an evaluation: by falling length, so that the first needs the most memory.
   *
   * @param batchSize sequences in a batch at the most
   * @param steps steps of all its sequences at the most, where a sequence is no longer alone
   */
  public static int[][] evaluation(int[] lengths, int batchSize, int steps) {
    requireSize(batchSize);
    int[] order = IntStream.range(0, lengths.length).toArray();
    sortByFallingLength(order, 0, order.length, lengths);
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < order.length; ) {
      int size = Math.clamp(steps / lengths[order[from]], 1, batchSize);
      int to = Math.min(from + size, order.length);
      batches.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return batches.toArray(int[][]::new);
  }

  /** Sorts {@code order[from]} to {@code order[to - 1]}; equal lengths stay in their order. */
  private static void sortByFallingLength(int[] order, int from, int to, int[] lengths) {
    int[] sorted =
        Arrays.stream(order, from, to)
            .boxed()
            .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    System.arraycopy(sorted, 0, order, from, sorted.length);
  }

  private static int[][] cut(int[] order, int batchSize) {
    requireSize(batchSize);
    int batches = Math.ceilDiv(order.length, batchSize);
    return IntStream.range(0, batches)
        .map(i -> i * batchSize)
        .mapToObj(i -> Arrays.copyOfRange(order, i, Math.min(i + batchSize, order.length)))
        .toArray(int[][]::new);
  }

  private static void requireSize(int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("a batch needs a size of at least 1, got " + batchSize);
    }
  }
}
