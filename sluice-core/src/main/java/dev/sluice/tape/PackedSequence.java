package dev.sluice.tape;

import dev.sluice.kernel.Elementwise;
import dev.sluice.matrix.Matrix;
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

  /** The last step of each sequence, (B, features) in the order given: the last valid output when read forward. */
  public Var last() {
    int[] rows = new int[packing.batch()];
    for (int b = 0; b < rows.length; b++) {
      rows[packing.given(b)] = packing.offset(packing.length(b) - 1) + b;
    }
    return data.gather(rows);
  }

  /** The first step of each sequence, (B, features) in the order given: the last output when read backward. */
  public Var first() {
    return inGivenOrder(data.rowRange(0, packing.batch()));
  }

  /** The mean over the steps of each sequence, (B, features) in the order given. */
  public Var mean() {
    Tape tape = data.tape();
    int[] sequences = new int[packing.rows()]; // of each row, in packed order
    Matrix shares = tape.allocate(packing.rows(), 1);
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        sequences[packing.offset(t) + b] = packing.given(b);
        shares.set(packing.offset(t) + b, 0, 1f / packing.length(b));
      }
    }
    Matrix weighted = tape.allocate(data.rows(), data.cols());
    scaleRows(data.value(), shares, weighted);
    Matrix y = tape.zeros(packing.batch(), data.cols());
    Elementwise.scatterAdd(tape.kernels(), weighted, sequences, y);
    Var mean = tape.result(y, data);
    tape.record(
        () -> {
          Matrix dx = tape.allocate(data.rows(), data.cols());
          Elementwise.gather(mean.gradient(), sequences, dx);
          scaleRows(dx, shares, dx);
          data.receive(dx);
        },
        mean);
    return mean;
  }

  /** y[r][c] = scales[r] · x[r][c]; y may be x. */
  private static void scaleRows(Matrix x, Matrix scales, Matrix y) {
    for (int r = 0; r < x.rows; r++) {
      float scale = scales.get(r, 0);
      for (int c = 0; c < x.cols; c++) {
        y.data[y.at(r) + c] = scale * x.data[x.at(r) + c];
      }
    }
  }

  /**
   * The features of both sequences side by side at each step.
   *
   * @throws IllegalArgumentException when their lengths differ
   */
  public PackedSequence concat(PackedSequence other) {
    if (!packing.equals(other.packing)) {
      throw new IllegalArgumentException(
          "sequences of different lengths cannot be put side by side: %s and %s"
              .formatted(packing, other.packing));
    }
    return new PackedSequence(packing, Var.concat(data, other.data));
  }

  /** From a row for each sequence in the order given, (B, n), to packed order, that of the rows of each step. */
  public Var inPackedOrder(Var given) {
    requireRowForEach(given);
    return packing.isInPackedOrder() ? given : given.gather(packing.order());
  }

  /** The opposite of {@link #inPackedOrder}. */
  public Var inGivenOrder(Var packed) {
    requireRowForEach(packed);
    return packing.isInPackedOrder() ? packed : packed.gather(packing.positions());
  }

  private void requireRowForEach(Var v) {
    if (v.rows() != packing.batch()) {
      throw new IllegalArgumentException(
          "expected a row for each of %d sequences, got %s".formatted(packing.batch(), v));
    }
  }
}
