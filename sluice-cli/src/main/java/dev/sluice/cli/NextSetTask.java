package dev.sluice.cli;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LabelSet;
import dev.sluice.data.Labels;
import dev.sluice.data.SetSequences;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.io.TrainedSetPredictor;
import dev.sluice.model.SetPredictor;
import dev.sluice.train.SetPrediction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code train --task next-set}: the labels of the next step of a sequence, of which each step has any
 * number, from lines {@code 60,64,67 62,65 -}.
 */
final class NextSetTask implements TrainingTask {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
  private static final int MAX_RANGE = 1_000_000;

  @Mixin private ExampleFiles files = new ExampleFiles();

  @Option(
      names = "--labels",
      paramLabel = "LABELS",
      description =
          "The labels there are, such as 21..108 or do,re,mi; default: those in the training file.")
  private Optional<String> labels = Optional.empty();

  @Option(names = "--cell", paramLabel = "NAME", description = "lstm (default), gru or rnn.")
  private CellKind cell = CellKind.LSTM;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Units of each layer (${DEFAULT-VALUE}).")
  private int hidden = 200;

  @Option(names = "--layers", paramLabel = "N", description = "Layers (${DEFAULT-VALUE}).")
  private int layers = 1;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Probability of dropping an element in training (${DEFAULT-VALUE}).")
  private float dropout = 0.3f;

  @Override
  public TrainingJob prepare(Path directory, TrainingOptions options, String settings) {
    requireValid();
    ModelDirectory target = ModelDirectory.at(directory);
    Optional<Labels> given = labels.map(NextSetTask::parse);
    List<List<List<String>>> training =
        given.isPresent()
            ? SetSequences.read(files.training(), given.get())
            : SetSequences.read(files.training());
    Labels known = given.orElseGet(() -> Labels.inSets(training.stream().flatMap(List::stream)));
    if (known.size() == 0) {
      throw new UserException(files.training() + ": holds no label, only empty steps");
    }
    List<List<List<String>>> validation = SetSequences.read(files.validation(), known);
    SetPredictor.Config config = new SetPredictor.Config(cell, hidden, layers, dropout);
    SetPredictor model = TrainingTask.sized(() -> new SetPredictor(config, known));
    options.initialize(model.parameters());
    return new LabellingJob(
        "%,d sequences, %,d labels, %,d parameters"
            .formatted(training.size(), known.size(), model.parameters().count()),
        Provenance.Data.of(training, NextSetTask::text),
        Provenance.Data.of(validation, NextSetTask::text),
        new SetPrediction(model, training, validation, options.batch(), options.seed()),
        known.names(),
        target,
        provenance -> new TrainedSetPredictor(model, provenance),
        settings);
  }

  private static Labels parse(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      try {
        return Labels.of(LabelSet.parse(text)).independent();
      } catch (IllegalArgumentException e) {
        throw new UserException("--labels: " + e.getMessage(), e);
      }
    }
    long from = Long.parseLong(range.group(1));
    long to = Long.parseLong(range.group(2));
    if (to < from || to - from >= MAX_RANGE) {
      throw new UserException(
          "--labels: expected a rising range of at most %,d labels, got %s"
              .formatted(MAX_RANGE, text));
    }
    return Labels.of(LongStream.rangeClosed(from, to).mapToObj(Long::toString).toList())
        .independent();
  }

  private static String text(List<List<String>> sequence) {
    return sequence.stream().map(LabelSet::format).collect(Collectors.joining(" "));
  }

  private void requireValid() {
    Require.atLeast(1, "--hidden", hidden);
    Require.atLeast(1, "--layers", layers);
    Require.probability("--dropout", dropout);
  }
}
