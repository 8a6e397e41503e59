package dev.sluice.cli;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LabelledSeries;
import dev.sluice.data.LabelledSeriesFile;
import dev.sluice.data.Labels;
import dev.sluice.data.SeriesText;
import dev.sluice.data.StandardScaler;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.io.TrainedSeriesClassifier;
import dev.sluice.model.Pooling;
import dev.sluice.model.SeriesClassifier;
import dev.sluice.train.SeriesClassification;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code train --task classify-numbers}: one label for each sequence of numbers, from lines {@code
 * label<TAB>0.1,2 0.3,4} or {@code .ts} files.
 */
final class ClassifyNumbersTask implements TrainingTask {
  @Mixin private ExampleFiles files = new ExampleFiles();

  @Option(names = "--cell", paramLabel = "NAME", description = "lstm (default), gru or rnn.")
  private CellKind cell = CellKind.LSTM;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Units of each layer and direction (${DEFAULT-VALUE}).")
  private int hidden = 100;

  @Option(names = "--layers", paramLabel = "N", description = "Layers (${DEFAULT-VALUE}).")
  private int layers = 1;

  @Option(
      names = "--bidirectional",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to read in both directions (yes).")
  private boolean bidirectional;

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      description = "Which outputs count: last (default), or the mean of all steps.")
  private Pooling pooling = Pooling.LAST;

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
      names = "--standardize",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether to bring each channel to mean 0 and deviation 1, as the training file has them"
              + " (yes).")
  private boolean standardize;

  @Override
  public TrainingJob prepare(Path directory, TrainingOptions options, String settings) {
    requireValid();
    ModelDirectory target = ModelDirectory.at(directory);
    List<LabelledSeries> training = LabelledSeriesFile.read(files.training());
    Labels labels = Labels.inSeries(training);
    if (labels.size() < 2) {
      throw new UserException(
          "%s: every example has the label '%s'; a classifier needs at least two labels"
              .formatted(files.training(), labels.name(0)));
    }
    int channels = training.getFirst().steps().cols;
    List<LabelledSeries> validation = LabelledSeriesFile.read(files.validation(), labels, channels);
    StandardScaler scaler =
        standardize
            ? StandardScaler.learn(training.stream().map(LabelledSeries::steps).toList())
            : StandardScaler.identity(channels);
    SeriesClassifier.Config config =
        new SeriesClassifier.Config(cell, hidden, layers, bidirectional, pooling, dropout);
    SeriesClassifier model = TrainingTask.sized(() -> new SeriesClassifier(config, scaler, labels));
    options.initialize(model.parameters());
    return new LabellingJob(
        "%,d examples, %d labels, %d channels, %,d parameters"
            .formatted(training.size(), labels.size(), channels, model.parameters().count()),
        Provenance.Data.of(training, ClassifyNumbersTask::text),
        Provenance.Data.of(validation, ClassifyNumbersTask::text),
        new SeriesClassification(
            model, training, validation, options.batch(), labelSmoothing, options.seed()),
        labels.names(),
        target,
        provenance -> new TrainedSeriesClassifier(model, provenance),
        settings);
  }

  private static String text(LabelledSeries example) {
    return example.label() + "\t" + SeriesText.format(example.steps());
  }

  private void requireValid() {
    Require.atLeast(1, "--hidden", hidden);
    Require.atLeast(1, "--layers", layers);
    Require.probability("--dropout", dropout);
    Require.probability("--label-smoothing", labelSmoothing);
  }
}
