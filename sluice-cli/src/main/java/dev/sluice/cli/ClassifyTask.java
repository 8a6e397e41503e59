package dev.sluice.cli;

import dev.sluice.data.LabelSet;
import dev.sluice.data.LabelledText;
import dev.sluice.data.LabelledTexts;
import dev.sluice.data.Labels;
import dev.sluice.data.Tokenizer;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.ModelDirectory;
import dev.sluice.model.TextClassifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code train --task classify}: one label for each text, from lines {@code label<TAB>text}, or any
 * number of them.
 */
final class ClassifyTask implements TrainingTask {
  @Mixin private ExampleFiles files = new ExampleFiles();

  @Option(
      names = "--multi-label",
      description = "A text has any number of labels: a,b<TAB>text, or -<TAB>text for none.")
  private boolean multiLabel;

  @Option(names = "--characters", description = "A step is a character (default).")
  private boolean characters;

  @Option(names = "--words", description = "A step is a word.")
  private boolean words;

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
      names = "--label-smoothing",
      paramLabel = "E",
      description = "Share of each label that is spread over all labels (${DEFAULT-VALUE}).")
  private float labelSmoothing;

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

  @Override
  public TrainingJob prepare(Path model, TrainingOptions options, String settings) {
    requireValid();
    ModelDirectory directory = ModelDirectory.at(model);
    ClassifierJob.Data data = read();
    ClassifierJob.Config config =
        new ClassifierJob.Config(architecture(), hyperparameters(options), labelSmoothing);
    TextClassifier classifier = config.newModel(data);
    options.initialize(classifier.parameters());
    return new ClassifierJob(config, data, classifier, directory, Optional.of(settings));
  }

  private ClassifierJob.Data read() {
    Path training = files.training();
    List<LabelledText> examples =
        multiLabel ? LabelledTexts.readSets(training) : LabelledTexts.read(training);
    Labels labels =
        multiLabel
            ? Labels.inSets(examples.stream().map(e -> LabelSet.parse(e.label())))
            : Labels.in(examples);
    if (labels.size() == 0) {
      throw new UserException(training + ": no example has a label");
    }
    if (!multiLabel && labels.size() < 2) {
      throw new UserException(
          "%s: every example has the label '%s'; a classifier needs at least two labels"
              .formatted(training, labels.name(0)));
    }
    return new ClassifierJob.Data(examples, LabelledTexts.read(files.validation(), labels), labels);
  }

  private TextClassifier.Config architecture() {
    return new TextClassifier.Config(
        words ? Tokenizer.WORDS : Tokenizer.CHARACTERS,
        ngrams,
        embedding,
        hidden,
        layers,
        bidirectional,
        dropout);
  }

  private Hyperparameters hyperparameters(TrainingOptions options) {
    return new Hyperparameters(
        options.optimizerText(),
        options.learningRate(),
        options.scheduleText(),
        options.clip(),
        options.batch(),
        options.epochs(),
        options.patience(),
        minCount,
        maxVocabulary,
        options.seed());
  }

  private void requireValid() {
    if (words && characters) {
      throw new UserException("--words and --characters exclude each other; give one of them");
    }
    Require.atLeast(1, "--ngrams", ngrams);
    Require.atLeast(1, "--embedding", embedding);
    Require.atLeast(1, "--hidden", hidden);
    Require.atLeast(1, "--layers", layers);
    Require.atLeast(1, "--min-count", minCount);
    Require.atLeast(2, "--max-vocabulary", maxVocabulary);
    Require.probability("--dropout", dropout);
    Require.probability("--label-smoothing", labelSmoothing);
    if (multiLabel && labelSmoothing > 0) {
      throw new UserException(
          "--label-smoothing is for one label; leave it out with --multi-label");
    }
  }
}
