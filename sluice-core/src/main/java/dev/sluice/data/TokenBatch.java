package dev.sluice.data;

import dev.sluice.matrix.Packing;
import java.util.List;

/**
 * A ragged batch of token sequences, packed.
 *
 * @param packing where each step of each sequence is
 * @param tokens the token of each row of {@code packing}
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a batch is made once, read by one thread, never compared
public record TokenBatch(Packing packing, int[] tokens) {
  /** Packs the given sequences, each of at least one token. */
  public static TokenBatch of(List<int[]> sequences) {
    Packing packing = Packing.of(sequences.stream().mapToInt(s -> s.length).toArray());
    int[] tokens = new int[packing.rows()];
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        tokens[packing.offset(t) + b] = sequences.get(packing.given(b))[t];
      }
    }
    return new TokenBatch(packing, tokens);
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
