package dev.sluice.cli;

import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Schedule;
import dev.sluice.train.Trainer;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How to train, whatever the task: the options that every task of {@code train} has. */
final class TrainingOptions {
  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the examples (${DEFAULT-VALUE}).")
  private int epochs = 15;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after N epochs without a better one; 0: never (${DEFAULT-VALUE}).")
  private int patience = 5;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sequences in a batch (${DEFAULT-VALUE}).")
  private int batch = 64;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description = "Batches whose mean gradient makes one step (${DEFAULT-VALUE}).")
  private int accumulate = 1;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description =
          "adam (default), adamw, sgd, rmsprop or adagrad, with PyTorch's arguments, such as"
              + " \"sgd(momentum=0.9)\" or \"adamw(weight_decay=0.1)\".")
  private String optimizer = "adam";

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Base learning rate (${DEFAULT-VALUE}; sgd wants more, such as 0.5).")
  private float learningRate = 0.002f;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "Learning rate over the epochs: cosine, falling to 0 (default), constant,"
              + " \"step(every=10, factor=0.5)\", \"decay(after=4, factor=0.5)\","
              + " exponential(0.9), \"plateau(factor=0.25, patience=0)\"; \"warmup(500) then"
              + " cosine\" rises over 500 steps first.")
  private String schedule = "cosine";

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Limit of the gradients' norm; 0: none (${DEFAULT-VALUE}).")
  private float clip = 5;

  @Option(
      names = "--clip-value",
      paramLabel = "LIMIT",
      description = "Limit of each gradient, after --clip; 0: none (${DEFAULT-VALUE}).")
  private float clipValue;

  @Option(
      names = "--init",
      split = ",",
      paramLabel = "[PARAMETERS=]NAME",
      description =
          "First values of the parameters, such as \"uniform(0.1)\" for all of them or, one after"
              + " the other, \"*.weight=uniform(0.1),*.bias=zeros\"; default: PyTorch's for each"
              + " layer.")
  private List<String> init = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of all randomness (${DEFAULT-VALUE}); the same seed gives the same bytes.")
  private long seed = 1;

  int batch() {
    return batch;
  }

  int epochs() {
    return epochs;
  }

  int patience() {
    return patience;
  }

  String optimizerText() {
    return optimizer;
  }

  float learningRate() {
    return learningRate;
  }

  String scheduleText() {
    return schedule;
  }

  float clip() {
    return clip;
  }

  long seed() {
    return seed;
  }

  /** A new optimizer of the kind asked for. */
  Optimizer optimizer() {
    return parse("--optimizer", optimizer, Optimizer::named);
  }

  /** What the loop needs to know. */
  Trainer.Settings settings() {
    return new Trainer.Settings(
        epochs,
        patience,
        learningRate,
        parse("--schedule", schedule, Schedule::named),
        limit(clip),
        limit(clipValue),
        accumulate,
        seed);
  }

  /**
   * Gives {@code parameters} their first values.
   *
   * @throws UserException when some are asked for by a name that none has
   */
  void initialize(Parameters parameters) {
    RandomKey key = RandomKey.of(seed).fold("parameters");
    parameters.initialize(key);
    for (String rule : init) {
      parse(
          "--init",
          rule,
          text -> {
            parameters.initialize(key, parametersOf(text), initializerOf(text));
            return parameters;
          });
    }
  }

  /** What is before the equals sign of {@code [PARAMETERS=]NAME}. */
  private static String parametersOf(String rule) {
    return rule.contains("=") ? rule.substring(0, rule.indexOf('=')).strip() : "*";
  }

  private static Initializer initializerOf(String rule) {
    return Initializer.named(rule.substring(rule.indexOf('=') + 1));
  }

  /** @throws UserException when an option has a value that cannot be */
  void requireValid() {
    Require.atLeast(1, "--epochs", epochs);
    Require.atLeast(0, "--patience", patience);
    Require.atLeast(1, "--batch", batch);
    Require.atLeast(1, "--accumulate", accumulate);
    Require.that(
        learningRate > 0 && Float.isFinite(learningRate),
        "--learning-rate",
        "above 0",
        learningRate);
    Require.that(clip >= 0, "--clip", "0 or more", clip);
    Require.that(clipValue >= 0, "--clip-value", "0 or more", clipValue);
    optimizer();
    settings();
    init.forEach(rule -> parse("--init", rule, TrainingOptions::initializerOf));
  }

  private static float limit(float option) {
    return option == 0 ? Float.POSITIVE_INFINITY : option;
  }

  private static <T> T parse(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UserException(option + ": " + e.getMessage(), e);
    }
  }
}
