package dev.sluice.train;

import java.util.function.Supplier;

/** Where a {@link Trainer} leaves what a run needs to go on, should it be killed. */
@FunctionalInterface
public interface Checkpoints {
  /** Keeps nothing. */
  Checkpoints NONE = (occasion, state) -> {};

  /** Why there may be something to keep. */
  enum Occasion {
    /** A step was taken. */
    STEP,
    /** An epoch was completed and judged. */
    EPOCH,
    /** The run was asked to stop. */
    STOP
  }

  /**
   * Called on the thread that trains, which waits; keeps {@code state} or not, as the occasion deserves.
   * Its arrays are the trainer's own and change with the next step.
   */
  void offer(Occasion occasion, Supplier<TrainingState> state);
}
