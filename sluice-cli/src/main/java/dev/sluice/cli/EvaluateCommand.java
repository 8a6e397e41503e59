package dev.sluice.cli;

import dev.sluice.data.LabelledSeries;
import dev.sluice.data.LabelledSeriesFile;
import dev.sluice.data.LabelledText;
import dev.sluice.data.LabelledTexts;
import dev.sluice.data.RunningText;
import dev.sluice.data.SetSequences;
import dev.sluice.data.TaggedSentences;
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
import dev.sluice.model.Forecaster;
import dev.sluice.model.LanguageModel;
import dev.sluice.model.SeriesClassifier;
import dev.sluice.model.SetPredictor;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.Forecasting;
import dev.sluice.train.MultiLabelJudgement;
import dev.sluice.train.SeriesClassification;
import dev.sluice.train.SetPrediction;
import dev.sluice.train.Tagging;
import dev.sluice.train.TextClassification;
import dev.sluice.train.TextLabelling;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice evaluate}: how good a model is on a file of examples. */
@Command(
    description =
        "Compare a model's answers with the labels of a file, or with the words of a text.",
    footer = {
      "  sluice evaluate --model out/ test.tsv",
      "  sluice evaluate --model out/ test.tsv.gz --json",
      "  sluice evaluate --model out/ text.txt --streams 10",
      "  sluice evaluate --model forecaster/ hourly.csv --season 24"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String STREAMS = "--streams";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory that sluice train wrote.")
  private Path directory = Path.of("");

  @Parameters(paramLabel = "FILE", description = "Examples, as the model was trained on.")
  private Path file = Path.of("");

  @Option(
      names = STREAMS,
      paramLabel = "N",
      description =
          "For a language model: read the text in N streams side by side and drop the rest, as"
              + " pytorch/examples does in 10; 1: read every token (${DEFAULT-VALUE}).")
  private int streams = 1;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Of a forecaster: the first time to forecast; default: that of its test part.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Of a forecaster: where to end, before it; default: the end of its test part.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--season",
      paramLabel = "N",
      description = "Of a forecaster: compare with the values N rows before, too.")
  private Optional<Integer> season = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    StoredModel model = ModelDirectory.open(directory);
    if (!(model instanceof TrainedForecaster)
        && (from.isPresent() || to.isPresent() || season.isPresent())) {
      throw new UserException("--from, --to and --season are for forecasters");
    }
    if (!(model instanceof TrainedLanguageModel) && streams != 1) {
      throw new UserException(STREAMS + " is for language models");
    }
    return backend.run(threads -> evaluate(model, threads));
  }

  private int evaluate(StoredModel model, Backend threads) {
    Tape tape = Tape.inference(threads, model.parameters());
    Report report =
        switch (model) {
          case TrainedClassifier trained -> texts(trained.model(), tape);
          case TrainedTagger tagger ->
              EvaluationReport.of(
                  tagger.labels(),
                  Tagging.evaluate(
                      tape,
                      tagger.model(),
                      TaggedSentences.read(file, tagger.column(), tagger.labels())));
          case TrainedSeriesClassifier trained -> numbers(trained.model(), tape);
          case TrainedSetPredictor trained -> sets(trained.model(), tape);
          case TrainedLanguageModel trained -> runningText(trained.model(), tape);
          case TrainedForecaster trained -> forecasts(trained, tape);
          case TrainedDetector _ ->
              throw new UserException(
                  "%s: holds a detector, of which no right scores are known; run sluice detect"
                      .formatted(directory));
          case StoredNetwork _ ->
              throw new UserException(
                  "%s: holds a network, of which no labels are known; compare it with sluice verify"
                      .formatted(directory));
        };
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, report);
    } else {
      report.print(out);
    }
    return ExitCode.OK;
  }

  private Report texts(TextClassifier model, Tape tape) {
    List<LabelledText> examples = LabelledTexts.read(file, model.labels());
    if (model.labels().areExclusive()) {
      return EvaluationReport.of(
          model.labels(), TextClassification.evaluate(tape, model, examples));
    }
    MultiLabelJudgement judgement = TextLabelling.evaluate(tape, model, examples);
    return MultiLabelReport.of(model.labels(), judgement.loss(), judgement.counts());
  }

  private Report runningText(LanguageModel model, Tape tape) {
    Require.atLeast(1, STREAMS, streams);
    LanguageModelText text =
        LanguageModelText.cut(model, file, RunningText.read(file), STREAMS, streams);
    return LanguageModelReport.of(tape, model, text);
  }

  private Report numbers(SeriesClassifier model, Tape tape) {
    List<LabelledSeries> examples =
        LabelledSeriesFile.read(file, model.labels(), model.scaler().channels());
    return EvaluationReport.of(
        model.labels(), SeriesClassification.evaluate(tape, model, examples));
  }

  private Report forecasts(TrainedForecaster trained, Tape tape) {
    season.ifPresent(period -> Require.atLeast(1, "--season", period));
    Forecaster model = trained.forecaster();
    TimeSeries series = TimeSeries.read(file, trained.time(), model.columns().all());
    int first = row("--from", from.orElse(trained.test().from()), series);
    int end = row("--to", to.orElse(trained.test().to()), series);
    int needed = Math.max(model.config().window(), season.orElse(1));
    int begin = Math.max(first, needed);
    if (Forecasting.windows(model, begin, Math.min(end, series.length())) == 0) {
      throw new UserException(
          ("%s: has no forecast to judge from %s to %s, with %d rows before it and %d to forecast;"
                  + " give other rows with --from and --to")
              .formatted(
                  file,
                  series.times().time(first),
                  series.times().time(end),
                  needed,
                  model.config().horizon()));
    }
    return ForecastReport.of(trained, series, tape, begin, Math.min(end, series.length()), season);
  }

  private static int row(String option, String time, TimeSeries series) {
    try {
      return series.times().rowAt(time);
    } catch (IllegalArgumentException e) {
      throw new UserException(option + ": " + e.getMessage(), e);
    }
  }

  private Report sets(SetPredictor model, Tape tape) {
    List<List<List<String>>> sequences = SetSequences.read(file, model.labels());
    MultiLabelJudgement judgement = SetPrediction.evaluate(tape, model, sequences);
    return MultiLabelReport.of(model.labels(), judgement.loss(), judgement.counts());
  }
}
