package dev.sluice.matrix;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where the steps of a ragged batch live in one matrix: no masks, no padding, no work on padding.
 *
 * <p>Sequences are sorted by falling length and laid out time-major, so the sequences that are still
 * alive at step t are a prefix of the batch, and their rows are one window:
 *
 * <pre>
 *   lengths 3 1 2  ->  sorted 3 2 1     rows   a0 c0 b0 | a1 c1 | a2
 *                                        step   0        | 1     | 2
 * </pre>
 *
 * <p>After PyTorch's {@code PackedSequence}. Ties keep the order in which they were given.
 */
public final class Packing {
  private final int[] lengths; // (B) falling
  private final int[] order; // (B) sorted position -> position as given
  private final int[] positions; // (B) position as given -> sorted position
  private final int[] offsets; // (T + 1) first row of each step
  private final boolean identity; // whether order is 0, 1, 2, ...

  private Packing(int[] lengths, int[] order, int[] offsets) {
    this.lengths = lengths;
    this.order = order;
    this.offsets = offsets;
    positions = new int[order.length];
    boolean same = true;
    for (int b = 0; b < order.length; b++) {
      positions[order[b]] = b;
      same &= order[b] == b;
    }
    identity = same;
  }

  /**
   * Packs sequences of the given lengths, in any order.
   *
   * @throws IllegalArgumentException when there is no sequence, or a length is below 1
   */
  public static Packing of(int... lengths) {
    if (lengths.length == 0) {
      throw new IllegalArgumentException("a batch needs at least one sequence");
    }
    for (int b = 0; b < lengths.length; b++) {
      if (lengths[b] < 1) {
        throw new IllegalArgumentException(
            "sequence %d has length %d: every sequence needs at least one step"
                .formatted(b, lengths[b]));
      }
    }
    // one key for each sequence: falling length above, position below, so that ties keep their
    // order
    long[] keys = new long[lengths.length];
    for (int b = 0; b < lengths.length; b++) {
      keys[b] = (long) -lengths[b] << 32 | b;
    }
    Arrays.sort(keys);
    int[] order = new int[lengths.length];
    int[] sorted = new int[lengths.length];
    for (int b = 0; b < lengths.length; b++) {
      order[b] = (int) keys[b];
      sorted[b] = lengths[order[b]];
    }
    int[] offsets = new int[sorted[0] + 1];
    int live = sorted.length;
    for (int t = 0; t < sorted[0]; t++) {
      while (sorted[live - 1] <= t) {
        live--;
      }
      offsets[t + 1] = Math.addExact(offsets[t], live);
    }
    return new Packing(sorted, order, offsets);
  }

  /** Packs {@code batch} sequences of {@code steps} steps each. */
  public static Packing uniform(int batch, int steps) {
    int[] lengths = new int[batch];
    Arrays.fill(lengths, steps);
    return of(lengths);
  }

  /** Number of sequences, B. */
  public int batch() {
    return lengths.length;
  }

  /** Length of the longest sequence, T. */
  public int steps() {
    return offsets.length - 1;
  }

  /** Steps of all sequences together: the rows of a packed matrix. */
  public int rows() {
    return offsets[steps()];
  }

  /** First row of step {@code t}. */
  public int offset(int t) {
    return offsets[t];
  }

  /** How many sequences are alive at step {@code t}: its rows are {@code offset(t)} to {@code offset(t) + live(t)}. */
  public int live(int t) {
    return offsets[t + 1] - offsets[t];
  }

  /** Length of the sequence at sorted position {@code b}. */
  public int length(int b) {
    return lengths[b];
  }

  /** The position, as given to {@link #of}, of the sequence at sorted position {@code b}. */
  public int given(int b) {
    return order[b];
  }

  /** {@link #given} of each sorted position: what takes rows from the order given to packed order. Not to be written. */
  public int[] order() {
    return order;
  }

  /** The sorted position of each sequence: what takes rows from packed order to the order given. Not to be written. */
  public int[] positions() {
    return positions;
  }

  /** Whether packed order is the order given. */
  public boolean isInPackedOrder() {
    return identity;
  }

  /** Whether both pack the same lengths, given in the same order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Packing p
        && Arrays.equals(lengths, p.lengths)
        && Arrays.equals(order, p.order);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(lengths) + Arrays.hashCode(order);
  }

  /** The lengths in the order given. */
  @Override
  public String toString() {
    return "Packing" + Arrays.toString(IntStream.of(positions).map(b -> lengths[b]).toArray());
  }
}
