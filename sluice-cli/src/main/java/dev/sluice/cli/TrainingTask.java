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
    CLASSIFY,
    CLASSIFY_NUMBERS,
    TAG,
    NEXT_SET,
    LANGUAGE_MODEL,
    FORECAST,
    DETECT;

    private TrainingTask create() {
      return switch (this) {
        case CLASSIFY -> new ClassifyTask();
        case CLASSIFY_NUMBERS -> new ClassifyNumbersTask();
        case TAG -> new TagTask();
        case NEXT_SET -> new NextSetTask();
        case LANGUAGE_MODEL -> new LanguageModelTask();
        case FORECAST -> new ForecastTask();
        case DETECT -> new DetectTask();
      };
    }

    /** The task called {@code text}, in any case, with the defaults of its options. */
    static Optional<TrainingTask> create(String text) {
      return Arrays.stream(values())
          .filter(name -> name.toString().equalsIgnoreCase(text))
          .findFirst()
          .map(Name::create);
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

  /**
   * What {@code model} makes.
   *
   * @throws UserException when its sizes are beyond those of an array
   */
  static <T> T sized(Supplier<T> model) {
    try {
      return model.get();
    } catch (ArithmeticException e) {
      throw new UserException(
          "the network has more weights than an array can hold; choose a smaller --hidden,"
              + " --embedding or --max-vocabulary",
          e);
    }
  }
}
