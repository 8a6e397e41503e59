package dev.sluice.cli;

import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import java.util.List;

/** A task with its data read and its model made: what a {@link TrainingRun} trains and saves. */
interface TrainingJob {
  /** What there is to learn, for people, on one line. */
  String summary();

  /** What identifies the data: a run goes on only with the same. */
  String data();

  /** What is trained. */
  Objective objective();

  /** Whether saving would replace a model. */
  boolean holdsModel();

  /** Writes the model directory with the parameters as they are now, after {@code epochs}. */
  void save(List<Trainer.Epoch> epochs);
}
