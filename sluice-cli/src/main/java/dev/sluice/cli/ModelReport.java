package dev.sluice.cli;

import dev.sluice.io.ForecastingModel;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.LabellingModel;
import dev.sluice.io.Provenance;
import dev.sluice.io.StoredModel;
import dev.sluice.io.TrainedClassifier;
import dev.sluice.io.TrainedDetector;
import dev.sluice.io.TrainedForecaster;
import dev.sluice.io.TrainedLanguageModel;
import dev.sluice.io.TrainedSeriesClassifier;
import dev.sluice.io.TrainedSetPredictor;
import dev.sluice.io.TrainedTagger;
import dev.sluice.layer.Recurrent;
import dev.sluice.model.Forecaster;
import dev.sluice.model.LanguageModel;
import dev.sluice.model.Tagger;
import dev.sluice.model.TextClassifier;
import dev.sluice.parameter.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code sluice info} tells of a model of ours: what it is for, its network in words, its layers and
 * parameters, and how it was trained. Of networks that were imported, {@link NetworkReport} does.
 *
 * @param network what is beside the recurrent layers, in words
 * @param tokens in the vocabulary
 * @param count numbers in all parameters
 */
record ModelReport(
    String path,
    String task,
    String network,
    List<CellReport> layers,
    Optional<Integer> tokens,
    List<String> labels,
    List<Weight> parameters,
    long count,
    long bytes,
    Optional<Hyperparameters> training,
    Provenance provenance) {

  /** One parameter, its shape as in the file. */
  record Weight(String name, List<Integer> shape, long count) {}

  static ModelReport of(String path, TrainedClassifier trained) {
    TextClassifier model = trained.model();
    return of(
        path,
        trained,
        model.labels().areExclusive() ? "classify" : "classify, several labels for a text",
        network(model.config()),
        List.of(model.recurrent()),
        Optional.of(model.vocabulary().size()),
        model.labels().names(),
        Optional.of(trained.hyperparameters()),
        trained.provenance());
  }

  static ModelReport of(String path, LabellingModel trained) {
    return of(
        path,
        trained,
        switch (trained) {
          case TrainedTagger _ -> "tag";
          case TrainedSeriesClassifier _ -> "classify-numbers";
          case TrainedSetPredictor _ -> "next-set";
        },
        network(trained),
        trained.recurrent(),
        trained instanceof TrainedTagger tagger
            ? Optional.of(tagger.model().encoder().words().size())
            : Optional.empty(),
        trained.labels().names(),
        Optional.empty(),
        trained.provenance());
  }

  static ModelReport of(String path, TrainedLanguageModel trained) {
    LanguageModel model = trained.model();
    return of(
        path,
        trained,
        "language-model",
        network(model.config()),
        List.of(model.recurrent()),
        Optional.of(model.vocabulary().size()),
        List.of(),
        Optional.empty(),
        trained.provenance());
  }

  static ModelReport of(String path, ForecastingModel trained) {
    return of(
        path,
        trained,
        switch (trained) {
          case TrainedForecaster _ -> "forecast";
          case TrainedDetector _ -> "detect";
        },
        network(trained),
        List.of(trained.forecaster().recurrent()),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        trained.provenance());
  }

  private static ModelReport of(
      String path,
      StoredModel stored,
      String task,
      String network,
      List<Recurrent> recurrent,
      Optional<Integer> tokens,
      List<String> labels,
      Optional<Hyperparameters> training,
      Provenance provenance) {
    long count = stored.parameters().count();
    return new ModelReport(
        path,
        task,
        network,
        recurrent.stream().flatMap(layers -> NetworkReport.cells(layers).stream()).toList(),
        tokens,
        labels,
        stored.parameters().all().stream().map(ModelReport::weight).toList(),
        count,
        count * Float.BYTES,
        training,
        provenance);
  }

  private static Weight weight(Parameter p) {
    List<Integer> shape = Arrays.stream(p.spec().fileShape()).boxed().toList();
    return new Weight(p.name(), shape, (long) p.spec().rows() * p.spec().cols());
  }

  private static String network(TextClassifier.Config config) {
    return "%s%s, embedding %d, %d %sLSTM layer%s of %d units, dropout %s"
        .formatted(
            config.tokenizer().name().toLowerCase(Locale.ROOT),
            config.ngrams() == 1 ? "" : " and n-grams up to " + config.ngrams(),
            config.embedding(),
            config.layers(),
            config.bidirectional() ? "bidirectional " : "",
            config.layers() == 1 ? "" : "s",
            config.hidden(),
            config.dropout());
  }

  private static String network(LanguageModel.Config config) {
    LanguageModel.Dropout dropout = config.dropout();
    return "%s, %sembedding %d, dropout %s, %s, %s"
        .formatted(
            config.tokenizer().name().toLowerCase(Locale.ROOT),
            config.tied() ? "tied " : "",
            config.embedding(),
            dropout.embedding(),
            dropout.layers(),
            dropout.output());
  }

  private static String network(LabellingModel trained) {
    return switch (trained) {
      case TrainedTagger tagger -> {
        Tagger.Config c = tagger.model().config();
        yield "words, embedding %d, characters, embedding %d, %d LSTM units, dropout %s, of words %s"
            .formatted(
                c.embedding(),
                c.characterEmbedding(),
                c.characterHidden(),
                c.dropout(),
                c.wordDropout());
      }
      case TrainedSeriesClassifier series ->
          "%d channels of numbers, %s output, dropout %s"
              .formatted(
                  series.model().scaler().channels(),
                  series.model().config().pooling().name().toLowerCase(Locale.ROOT),
                  series.model().config().dropout());
      case TrainedSetPredictor sets ->
          "sets of labels, dropout %s".formatted(sets.model().config().dropout());
    };
  }

  private static String network(ForecastingModel trained) {
    Forecaster.Config c = trained.forecaster().config();
    Forecaster.Columns columns = trained.forecaster().columns();
    return "%s from %s: %d row(s) from %d%s%s%s, dropout %s"
        .formatted(
            String.join(", ", columns.outputs()),
            String.join(", ", columns.inputs()),
            c.horizon(),
            c.window(),
            c.relative() ? ", relative to the last" : "",
            c.residual() > 0 ? ", as a difference from %d rows before".formatted(c.residual()) : "",
            c.autoregressive() ? ", with a linear part" : "",
            c.dropout());
  }
}
