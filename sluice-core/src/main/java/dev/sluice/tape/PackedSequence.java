package dev.sluice.tape;

import dev.sluice.matrix.Packing;

/**
 * A batch of sequences on the tape: one row of {@code data} for each step of each sequence, where
 * {@code packing} says. After PyTorch's {@code PackedSequence}.
 *
 * @param data (packing.rows(), features)
 */
public record PackedSequence(Packing packing, Var data) {
  /** Fails when the data has not a row for each step. */
  public PackedSequence {
    if (data.rows() != packing.rows()) {
      throw new IllegalArgumentException(
          "a packed sequence of %d steps in all needs as many rows, got %s"
              .formatted(packing.rows(), data));
    }
  }

  /** The last step of each sequence, (B, features): the last valid output when read forward. */
  public Var last() {
    int[] rows = new int[packing.batch()];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = packing.offset(packing.length(b) - 1) + b;
    }
    return data.gather(rows);
  }

  /** The first step of each sequence, (B, features): the last output when read backward. */
  public Var first() {
    return data.rowRange(0, packing.batch());
  }
}
