package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import java.util.List;

/**
 * A ragged batch of number sequences, packed.
 *
 * @param packing where each step of each sequence is
 * @param steps the values of each of its rows, (rows, C)
 */
public record SeriesBatch(Packing packing, Matrix steps) {
  /** Packs the given sequences, each (T, C) with T of at least 1. */
  public static SeriesBatch of(List<Matrix> sequences) {
    Packing packing = Packing.of(sequences.stream().mapToInt(s -> s.rows).toArray());
    Matrix steps = Matrix.zeros(packing.rows(), sequences.getFirst().cols);
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        int row = packing.offset(t) + b;
        Matrix sequence = sequences.get(packing.given(b));
        steps.rowRange(row, row + 1).copyFrom(sequence.rowRange(t, t + 1));
      }
    }
    return new SeriesBatch(packing, steps);
  }
}
