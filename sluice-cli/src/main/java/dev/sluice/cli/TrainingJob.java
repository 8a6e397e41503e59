package dev.sluice.cli;

import dev.sluice.tape.Backend;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import java.util.List;
import java.util.Optional;

/** A task with its data read and its model made: what a {@link TrainingRun} trains and saves. */
interface TrainingJob {
  /** What there is to learn, for people, on one line. */
  String summary();

  /** What identifies the data: a run goes on only with the same. */
  String data();

  /** What is trained. */
  Objective objective();

  /** The names of the classes that validation tells about; none, where there are no classes. */
  default List<String> labels() {
    return List.of();
  }

  /** Whether saving would replace a model. */
  boolean holdsModel();

  /** Writes the model directory with the parameters as they are now, after {@code epochs}. */
  void save(List<Trainer.Epoch> epochs);

  /**
   * How the model that was saved does on data that nothing was chosen by; nothing, where there is no
   * such data.
   */
  default Optional<Objective.Score> test(Backend backend) {
    return Optional.empty();
  }
}
