package dev.sluice.cli;

import dev.sluice.cli.Classifier.Prediction;
import dev.sluice.data.LabelSet;
import dev.sluice.data.TextLines;
import dev.sluice.data.TimeSeries;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.StoredModel;
import dev.sluice.io.StoredNetwork;
import dev.sluice.io.TrainedClassifier;
import dev.sluice.io.TrainedDetector;
import dev.sluice.io.TrainedForecaster;
import dev.sluice.io.TrainedLanguageModel;
import dev.sluice.io.TrainedSeriesClassifier;
import dev.sluice.io.TrainedSetPredictor;
import dev.sluice.io.TrainedTagger;
import dev.sluice.model.Tagger;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice predict}: the labels of texts, from the command line or from standard input. */
@Command(
    description = {
      "Label texts: those given, or else each line of standard input. With a network: what it"
          + " gives",
      "for each sequence, a line of JSON for each line of JSON."
    },
    footer = {
      "  sluice predict --model out/ \"some text\"",
      "  sluice predict --model out/ --top 3 < lines.txt",
      "  tail -f log | sluice predict --model out/ --json",
      "",
      "A line of output for each text, in order: label<TAB>probability, for each of the top"
          + " labels;",
      "- for none. Sequences of numbers are written 0.1,2 0.3,4. A tagger writes token<TAB>tag.",
      "",
      "  echo 'Time flies like an arrow .' | sluice predict --model tagger/",
      "  sluice predict --model tagger/ --conllu < text.conllu",
      "",
      "  echo '[[0.1, 0.2], [0.3, 0.4]]' | sluice predict --model network/",
      "  sluice predict --model forecaster/ hourly.csv --from 2017-10-24 --season 24",
      "",
      "  sluice predict --model network/ --input in.safetensors --output out.safetensors"
    })
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory that sluice train or import wrote.")
  private Path directory = Path.of("");

  @Option(
      names = "--top",
      paramLabel = "K",
      description =
          "How many labels to give, the most probable first; default: 1, or where several may apply"
              + " all that are more probable than not.")
  private Optional<Integer> top = Optional.empty();

  @Option(names = "--conllu", description = "Of a tagger: standard input is CoNLL-U.")
  private boolean conllu;

  @Option(names = "--json", description = "Print a JSON object for each text.")
  private boolean json;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Of a network: safetensors with input, and lengths, h0 and c0 if you like.")
  private Optional<Path> input = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write what the network gives for --input: output, h_n, c_n.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--batch-first",
      description = "The input in the file is [B, T, ...]; otherwise [T, B, ...].")
  private boolean batchFirst;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Of a forecaster: the first time to forecast; default: the one after the last row.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--season",
      paramLabel = "N",
      description = "Of a forecaster: write the values N rows before beside, too.")
  private Optional<Integer> season = Optional.empty();

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "Texts to label; of a forecaster: a CSV file.")
  private List<String> texts = new ArrayList<>();

  /** What {@code --json} prints for a text. */
  private record Answer(String text, List<Prediction> predictions) {}

  @Override
  public Integer call() {
    top.ifPresent(k -> Require.atLeast(1, "--top", k));
    StoredModel model = ModelDirectory.open(directory);
    if (!(model instanceof TrainedForecaster) && (from.isPresent() || season.isPresent())) {
      throw new UserException("--from and --season are for forecasters");
    }
    return switch (model) {
      case TrainedClassifier trained ->
          classify(threads -> Classifier.of(trained.model(), threads, top));
      case TrainedSeriesClassifier trained ->
          classify(threads -> Classifier.of(trained.model(), threads, top));
      case TrainedSetPredictor trained ->
          classify(threads -> Classifier.of(trained.model(), threads, top));
      case TrainedTagger trained -> {
        requireNoNetworkOptions();
        if (top.isPresent() || (conllu && !texts.isEmpty())) {
          throw new UserException(
              "a tagger gives one tag for each word; leave out --top, and texts with --conllu");
        }
        yield backend.run(threads -> tag(trained.model(), threads));
      }
      case TrainedLanguageModel _ ->
          throw new UserException(
              "%s: holds a language model, which writes text: see sluice sample"
                  .formatted(directory));
      case TrainedForecaster trained -> backend.run(threads -> forecast(trained, threads));
      case TrainedDetector _ ->
          throw new UserException(directory + ": holds a detector; run sluice detect");
      case StoredNetwork stored -> {
        requireFiles();
        yield backend.run(threads -> predict(new NetworkPrediction(stored.network(), threads)));
      }
    };
  }

  /** A network reads a file and writes one, or lines of standard input. */
  private void requireFiles() {
    if (!texts.isEmpty() || top.isPresent() || conllu) {
      throw new UserException(
          "texts, --top and --conllu are for models with labels; this is a network, which reads"
              + " JSON from standard input");
    }
    if (input.isPresent() != output.isPresent()) {
      throw new UserException("--input and --output belong together");
    }
  }

  private int predict(NetworkPrediction prediction) {
    if (input.isPresent() && output.isPresent()) {
      prediction.answer(input.get(), output.get(), batchFirst);
    } else {
      prediction.answer(TextLines.of("standard input", System.in), spec.commandLine().getOut());
    }
    return ExitCode.OK;
  }

  private int forecast(TrainedForecaster trained, Backend threads) {
    requireNoNetworkOptions();
    season.ifPresent(period -> Require.atLeast(1, "--season", period));
    if (texts.size() != 1 || top.isPresent() || conllu || json) {
      throw new UserException(
          "a forecaster reads one CSV file and writes CSV; give the file and leave out --top,"
              + " --conllu and --json");
    }
    TimeSeries series =
        TimeSeries.read(
            Path.of(texts.getFirst()), trained.time(), trained.forecaster().columns().all());
    new ForecastPrediction(trained, series, Tape.inference(threads, trained.parameters()))
        .write(from, season, spec.commandLine().getOut());
    return ExitCode.OK;
  }

  private void requireNoNetworkOptions() {
    if (input.isPresent() || output.isPresent() || batchFirst) {
      throw new UserException("--input, --output and --batch-first are for networks");
    }
  }

  private int classify(Function<Backend, Classifier> classifier) {
    requireNoNetworkOptions();
    if (conllu) {
      throw new UserException("--conllu is for taggers; this model answers lines");
    }
    return backend.run(
        threads -> {
          Classifier answering = classifier.apply(threads);
          return answerAll(lines -> answer(answering, lines));
        });
  }

  private int tag(Tagger model, Backend threads) {
    TagPrediction prediction = new TagPrediction(model, threads, spec.commandLine().getOut(), json);
    if (!conllu) {
      return answerAll(prediction::answerLines);
    }
    try (TextLines lines = TextLines.of("standard input", System.in)) {
      prediction.answerConllu(lines);
    }
    return ExitCode.OK;
  }

  /** Hands the texts, or else the lines of standard input as they come, to {@code answer}. */
  private int answerAll(Consumer<List<String>> answer) {
    if (!texts.isEmpty()) {
      answer.accept(texts);
      return ExitCode.OK;
    }
    LineBatches lines = new LineBatches(TextLines.of("standard input", System.in));
    for (List<String> batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
      answer.accept(batch);
      if (spec.commandLine().getOut().checkError()) {
        return ExitCode.OK; // Nobody reads on, as in `sluice predict ... | head`.
      }
    }
    return ExitCode.OK;
  }

  private void answer(Classifier classifier, List<String> batch) {
    PrintWriter out = spec.commandLine().getOut();
    List<List<Prediction>> answers = classifier.classify(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (json) {
        Json.print(out, new Answer(batch.get(i), answers.get(i)));
      } else {
        String labels =
            answers.get(i).stream()
                .map(p -> "%s\t%.4f".formatted(p.label(), p.probability()))
                .collect(Collectors.joining("\t"));
        out.println(labels.isEmpty() ? LabelSet.format(List.of()) : labels);
      }
    }
    out.flush();
  }
}
