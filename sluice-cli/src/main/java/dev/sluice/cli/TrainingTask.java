package dev.sluice.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A task of {@code train}: options of its own, as picocli fields, and what they make of the user's
 * files. Everything else, from the loop to the checkpoints, is the same for all tasks.
 */
interface TrainingTask {
  /** The tasks there are. */
  enum Name {
    CLASSIFY(ClassifyTask::new);

    private final Supplier<TrainingTask> create;

    Name(Supplier<TrainingTask> create) {
      this.create = create;
    }

    /** The task called {@code text}, in any case, with the defaults of its options. */
    static Optional<TrainingTask> create(String text) {
      return Arrays.stream(values())
          .filter(name -> name.toString().equalsIgnoreCase(text))
          .findFirst()
          .map(name -> name.create.get());
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Reads the data and makes the model.
   *
   * @param model the directory to write in the end; refused now if it would be then
   * @param settings the content of the model directory's run.yaml
   * @throws UserException when an option cannot be followed
   */
  TrainingJob prepare(Path model, TrainingOptions options, String settings);
}
