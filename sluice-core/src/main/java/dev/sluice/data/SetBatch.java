package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import java.util.List;

/**
 * A ragged batch of sequences of label sets, packed: what is seen at each step, and what comes next.
 *
 * @param packing where each step of each sequence is, but for the last, after which nothing comes
 * @param steps 1 for each label of the step, (rows, K)
 * @param next 1 for each label of the step after it, (rows, K)
 */
public record SetBatch(Packing packing, Matrix steps, Matrix next) {
  /**
   * Packs the given sequences, each of at least two steps.
   *
   * @param sequences the ids of the labels of each step
   * @param labels how many labels there are, K
   */
  public static SetBatch of(List<int[][]> sequences, int labels) {
    Packing packing = Packing.of(sequences.stream().mapToInt(s -> s.length - 1).toArray());
    Matrix steps = Matrix.zeros(packing.rows(), labels);
    Matrix next = Matrix.zeros(packing.rows(), labels);
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        int[][] sequence = sequences.get(packing.given(b));
        int row = packing.offset(t) + b;
        for (int label : sequence[t]) {
          steps.set(row, label, 1);
        }
        for (int label : sequence[t + 1]) {
          next.set(row, label, 1);
        }
      }
    }
    return new SetBatch(packing, steps, next);
  }
}
