package dev.sluice.network;

import dev.sluice.layer.PaddedBatch;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Optional;

/**
 * What flows from one layer of a {@link Network} to the next: sequences, padded and batch-major, with
 * the knowledge of which steps are real; or one vector for each sequence.
 *
 * @param data sequences: (B·T, features), step t of sequence b in row b·T + t; vectors: (B, features)
 * @param steps of sequences, which steps are real; empty for vectors
 */
public record Features(Var data, Optional<PaddedBatch> steps) {
  /** Fails when the rows are not those of the batch. */
  public Features {
    steps.ifPresent(
        batch -> {
          if (data.rows() != batch.batch() * batch.steps()) {
            throw new IllegalArgumentException(
                "%d sequences of %d steps, padding included, need %d rows, got %s"
                    .formatted(batch.batch(), batch.steps(), batch.batch() * batch.steps(), data));
          }
        });
  }

  /** Sequences; {@code steps} must be batch-major. */
  public static Features sequences(Var data, PaddedBatch steps) {
    return new Features(data, Optional.of(steps));
  }

  /** One vector for each sequence. */
  public static Features vectors(Var data) {
    return new Features(data, Optional.empty());
  }

  /** The same steps with other features. */
  public Features with(Var other) {
    return new Features(other, steps);
  }

  /** The tape of the data. */
  public Tape tape() {
    return data.tape();
  }

  /** Width of a step, or of a vector. */
  public int width() {
    return data.cols();
  }

  /** The steps, for a layer that reads sequences. */
  PaddedBatch requireSteps(NetworkLayer layer) {
    return steps.orElseThrow(
        () ->
            new IllegalArgumentException(
                "%s reads sequences, but the layer before it gives one vector of %d features for each sequence; does that layer have to return all its outputs (return_sequences)?"
                    .formatted(layer.name(), width())));
  }
}
