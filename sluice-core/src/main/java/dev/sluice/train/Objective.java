package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;

/** What a {@link Trainer} makes better: parameters, batches to learn from, and a way to tell how good they are. */
public interface Objective {
  /** What is learned. */
  Parameters parameters();

  /** Lays out the batches of an epoch, counted from 0, and returns how many there are. */
  int beginEpoch(int epoch);

  /** Sequences in a batch of this epoch. */
  int batchSize(int batch);

  /** The loss on a batch of this epoch, (1, 1), recorded on {@code tape}. */
  Var loss(Tape tape, int batch);

  /** How good the parameters are now, on data held out from training. */
  Score validate(Tape tape);

  /**
   * How good parameters are.
   *
   * @param loss mean loss
   * @param accuracy share of right answers; the epoch in which it is highest is kept
   */
  record Score(double loss, double accuracy) {}
}
