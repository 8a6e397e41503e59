package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link Trainer} makes better: parameters, batches to learn from, and a way to tell how good
 * they are. A task is a model, a reader of its data and one of these; the loop is the same for all.
 *
 * <p>A run that was killed goes on to the same bits because an epoch is a function of its number: its
 * batches, and what their losses are computed from besides the parameters and the tape's randomness,
 * depend on nothing that came before {@link #beginEpoch} but what {@link #carried} tells.
 */
public interface Objective {
  /** What is learned. */
  Parameters parameters();

  /**
   * Lays out the batches of an epoch, counted from 0, and returns how many there are. What is carried
   * from batch to batch starts anew.
   */
  int beginEpoch(int epoch);

  /** How much a batch of this epoch holds, in {@link #unit}s. */
  int batchSize(int batch);

  /** What speed is counted in. */
  default String unit() {
    return "sequences";
  }

  /** The loss on a batch of this epoch, (1, 1), recorded on {@code tape}. */
  Var loss(Tape tape, int batch);

  /**
   * What the gradient of a batch's loss is multiplied with, where it is not the loss that is told whose
   * gradient is followed, but a multiple of it.
   */
  default float gradientScale(int batch) {
    return 1;
  }

  /** How good the parameters are now, on data held out from training; changes nothing that is carried. */
  Score validate(Tape tape);

  /** What the last {@link #validate} found out besides the score; nothing, where that is all. */
  default Optional<Findings> findings() {
    return Optional.empty();
  }

  /**
   * Runs the model over a few examples of the held-out data, for whoever watches {@code tape};
   * changes nothing that is carried.
   */
  default void glance(Tape tape) {}

  /**
   * What batches hand on to the next one of the epoch besides the parameters, such as the state of
   * truncated backpropagation through time; copied before the next batch. Nothing, for most.
   */
  default Map<String, float[]> carried() {
    return Map.of();
  }

  /** Goes on in the middle of an epoch that has begun, with what {@link #carried} told there. */
  default void carry(Map<String, float[]> saved) {}

  /**
   * How good parameters are.
   *
   * @param loss mean loss
   * @param metric what decides
   * @param value of the metric; the epoch in which it is best is kept
   */
  record Score(double loss, Metric metric, double value) {
    /** Whether this one is to be preferred; not the later of equals. */
    public boolean isBetterThan(Score other) {
      return metric.isBetter(value, other.value);
    }
  }
}
