package dev.sluice.data;

import dev.sluice.matrix.Packing;
import java.util.List;

/**
 * A ragged batch of token sequences, packed.
 *
 * @param packing where each step of each sequence is
 * @param ids what {@link TextEncoder} makes of each row of {@code packing}, (ngrams, rows)
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a batch is made once, read by one thread, never compared
public record TokenBatch(Packing packing, int[][] ids) {
  /** Packs the given sequences, each (ngrams, T) with T of at least 1. */
  public static TokenBatch of(List<int[][]> sequences) {
    Packing packing = Packing.of(sequences.stream().mapToInt(s -> s[0].length).toArray());
    int[][] ids = new int[sequences.getFirst().length][packing.rows()];
    for (int n = 0; n < ids.length; n++) {
      for (int t = 0; t < packing.steps(); t++) {
        for (int b = 0; b < packing.live(t); b++) {
          ids[n][packing.offset(t) + b] = sequences.get(packing.given(b))[n][t];
        }
      }
    }
    return new TokenBatch(packing, ids);
  }

  /** Takes one number for each sequence from the order in which they were given to packed order. */
  public int[] inPackedOrder(int... values) {
    int[] packed = new int[values.length];
    for (int b = 0; b < values.length; b++) {
      packed[b] = values[packing.given(b)];
    }
    return packed;
  }
}
