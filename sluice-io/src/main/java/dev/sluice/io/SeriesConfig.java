package dev.sluice.io;

import dev.sluice.cell.CellKind;
import dev.sluice.data.Labels;
import dev.sluice.data.StandardScaler;
import dev.sluice.model.Pooling;
import dev.sluice.model.SeriesClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The config.json of a classifier of number sequences, and its scaler.json, key by key, and back. */
record SeriesConfig(
    int format,
    String task,
    Architecture architecture,
    List<String> labels,
    Provenance provenance) {
  static final String TASK = "classify-numbers";

  /** The shape of the network. */
  record Architecture(
      String cell, int hidden, int layers, boolean bidirectional, String pooling, float dropout) {}

  static void write(TrainedSeriesClassifier classifier, ModelFiles files) throws IOException {
    SeriesClassifier.Config config = classifier.model().config();
    Architecture architecture =
        new Architecture(
            ModelConfig.inFile(config.cell()),
            config.hidden(),
            config.layers(),
            config.bidirectional(),
            ModelConfig.inFile(config.pooling()),
            config.dropout());
    files.write(
        new SeriesConfig(
            ModelConfig.FORMAT,
            TASK,
            architecture,
            classifier.labels().names(),
            classifier.provenance()),
        classifier.parameters());
    ScalerFile.write(classifier.model().scaler(), files);
  }

  static TrainedSeriesClassifier read(ConfigFile file, ModelFiles files) {
    SeriesConfig config = file.as(SeriesConfig.class);
    SeriesClassifier.Config network = config.network(file.file());
    Labels labels = ModelConfig.labels(file.file(), config.labels, 2);
    StandardScaler scaler = ScalerFile.read(files);
    double directions = network.bidirectional() ? 2 : 1;
    double units = network.hidden();
    double atLeast =
        directions * units * (scaler.channels() + units * network.layers() + labels.size());
    SeriesClassifier model =
        files.read(
            atLeast,
            () -> new SeriesClassifier(network, scaler, labels),
            SeriesClassifier::parameters);
    return new TrainedSeriesClassifier(model, config.provenance);
  }

  private SeriesClassifier.Config network(Path file) {
    CellKind cell =
        ModelConfig.constant(file, "architecture.cell", architecture.cell, CellKind.class);
    Pooling pooling =
        ModelConfig.constant(file, "architecture.pooling", architecture.pooling, Pooling.class);
    try {
      return new SeriesClassifier.Config(
          cell,
          architecture.hidden,
          architecture.layers,
          architecture.bidirectional,
          pooling,
          architecture.dropout);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, e.getMessage() + "; was the file edited?", e);
    }
  }
}
