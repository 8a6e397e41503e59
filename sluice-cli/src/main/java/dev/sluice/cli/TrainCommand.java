package dev.sluice.cli;

import dev.sluice.data.LabelledText;
import dev.sluice.data.LabelledTexts;
import dev.sluice.data.Labels;
import dev.sluice.data.Tokenizer;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Schedule;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice train}: from the user's files to a model directory. */
@Command(
    name = "train",
    description = "Train a model on your files and save the best epoch.",
    footer = {
      "  sluice train --task classify --train train.tsv --valid dev.tsv --model out/",
      "  sluice train --task classify --train train.tsv.gz --valid dev.tsv \\",
      "      --model out/ --words --hidden 200 --layers 2 --dropout 0.5",
      "",
      "Files are UTF-8, plain or gzipped, one example on each line: label<TAB>text.",
      "Ctrl-C stops after the current step and saves the best epoch so far."
    })
final class TrainCommand implements Callable<Integer> {
  enum Task {
    CLASSIFY
  }

  /** What a step of a sequence is. */
  static final class Tokens {
    private Tokenizer tokenizer = Tokenizer.CHARACTERS;

    @Option(names = "--characters", description = "A step is a character (default).")
    void characters(boolean given) {
      tokenizer = given ? Tokenizer.CHARACTERS : tokenizer;
    }

    @Option(names = "--words", description = "A step is a word.")
    void words(boolean given) {
      tokenizer = given ? Tokenizer.WORDS : tokenizer;
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--task",
      required = true,
      paramLabel = "TASK",
      description = "What to learn: classify, one label for each text.")
  private Task task = Task.CLASSIFY;

  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "Examples to learn from.")
  private Path training = Path.of("");

  @Option(
      names = "--valid",
      required = true,
      paramLabel = "FILE",
      description = "Examples that choose the best epoch.")
  private Path validation = Path.of("");

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory to write; a model that is there is replaced.")
  private Path model = Path.of("");

  @ArgGroup private Tokens tokens = new Tokens();

  @Option(
      names = "--ngrams",
      paramLabel = "N",
      description =
          "Let a step also see the n-grams of up to N tokens that begin there; 2 helps on small"
              + " data (${DEFAULT-VALUE}).")
  private int ngrams = 1;

  @Option(
      names = "--embedding",
      paramLabel = "N",
      description = "Width of a token's vector (${DEFAULT-VALUE}).")
  private int embedding = 100;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "LSTM units of each layer and direction (${DEFAULT-VALUE}).")
  private int hidden = 128;

  @Option(names = "--layers", paramLabel = "N", description = "LSTM layers (${DEFAULT-VALUE}).")
  private int layers = 1;

  @Option(
      names = "--bidirectional",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to read in both directions (yes).")
  private boolean bidirectional;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Probability of dropping an element in training (${DEFAULT-VALUE}).")
  private float dropout = 0.3f;

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

  @Option(names = "--optimizer", paramLabel = "NAME", description = "adam (default) or sgd.")
  private String optimizer = "adam";

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Base learning rate (${DEFAULT-VALUE}; sgd wants more, such as 0.5).")
  private float learningRate = 0.002f;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "Learning rate over the epochs: cosine, falling to 0 (default), or constant.")
  private String schedule = "cosine";

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Limit of the gradients' norm; 0: none (${DEFAULT-VALUE}).")
  private float clip = 5;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description = "Tokens that occur less often are unknown (${DEFAULT-VALUE}).")
  private int minCount = 2;

  @Option(
      names = "--max-vocabulary",
      paramLabel = "N",
      description = "Tokens to know at the most (${DEFAULT-VALUE}).")
  private int maxVocabulary = 50_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of all randomness (${DEFAULT-VALUE}); the same seed gives the same bytes.")
  private long seed = 1;

  @Option(names = "--json", description = "Print the result as a JSON object.")
  private boolean json;

  /** What {@code --json} prints. */
  private record Report(
      String model,
      int epochs,
      int bestEpoch,
      Optional<Double> validationAccuracy,
      double seconds) {}

  @Override
  public Integer call() {
    requireValidOptions();
    return switch (task) {
      case CLASSIFY -> classify();
    };
  }

  private int classify() {
    ModelDirectory directory = ModelDirectory.at(model);
    List<LabelledText> examples = LabelledTexts.read(training);
    Labels labels = Labels.in(examples);
    if (labels.size() < 2) {
      throw new UserException(
          "%s: every example has the label '%s'; a classifier needs at least two labels"
              .formatted(training, labels.name(0)));
    }
    ClassifierTraining.Data data =
        new ClassifierTraining.Data(examples, LabelledTexts.read(validation, labels));
    return backend.run(threads -> train(data, directory, threads));
  }

  private int train(ClassifierTraining.Data data, ModelDirectory directory, Backend threads) {
    long start = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    ClassifierTraining.Result result =
        new ClassifierTraining(architecture(), hyperparameters())
            .run(data, directory, threads, err);
    if (result.interrupted()) {
      return ClassifierTraining.INTERRUPTED;
    }
    Provenance provenance = result.trained().provenance();
    err.printf("saved %s: %s%n", model, ClassifierTraining.inWords(provenance));
    if (json) {
      Json.print(
          spec.commandLine().getOut(),
          new Report(
              model.toString(),
              provenance.epochs(),
              provenance.bestEpoch(),
              provenance.validationAccuracy(),
              (System.nanoTime() - start) / 1e9));
    }
    return ExitCode.OK;
  }

  private TextClassifier.Config architecture() {
    return new TextClassifier.Config(
        tokens.tokenizer, ngrams, embedding, hidden, layers, bidirectional, dropout);
  }

  private Hyperparameters hyperparameters() {
    return new Hyperparameters(
        optimizer,
        learningRate,
        schedule,
        clip,
        batch,
        epochs,
        patience,
        minCount,
        maxVocabulary,
        seed);
  }

  private void requireValidOptions() {
    requireAtLeast(1, "--ngrams", ngrams);
    requireAtLeast(1, "--embedding", embedding);
    requireAtLeast(1, "--hidden", hidden);
    requireAtLeast(1, "--layers", layers);
    requireAtLeast(1, "--epochs", epochs);
    requireAtLeast(0, "--patience", patience);
    requireAtLeast(1, "--batch", batch);
    requireAtLeast(1, "--min-count", minCount);
    requireAtLeast(2, "--max-vocabulary", maxVocabulary);
    require(dropout >= 0 && dropout < 1, "--dropout", "0 or more and less than 1", dropout);
    require(
        learningRate > 0 && Float.isFinite(learningRate),
        "--learning-rate",
        "above 0",
        learningRate);
    require(clip >= 0, "--clip", "0 or more", clip);
  }

  private static void requireAtLeast(int minimum, String option, int value) {
    require(value >= minimum, option, "at least " + minimum, value);
  }

  private static void require(boolean valid, String option, String expected, Number found) {
    if (!valid) {
      throw new UserException("%s: expected %s, got %s".formatted(option, expected, found));
    }
  }
}
