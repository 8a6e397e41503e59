package dev.sluice.io;

import dev.sluice.cell.CellKind;
import dev.sluice.data.Labels;
import dev.sluice.model.SetPredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The config.json of a predictor of label sets, key by key, and back. */
record SetConfig(
    int format,
    String task,
    Architecture architecture,
    List<String> labels,
    Provenance provenance) {
  static final String TASK = "next-set";

  /** The shape of the network. */
  record Architecture(String cell, int hidden, int layers, float dropout) {}

  static void write(TrainedSetPredictor predictor, ModelFiles files) throws IOException {
    SetPredictor.Config config = predictor.model().config();
    Architecture architecture =
        new Architecture(
            ModelConfig.inFile(config.cell()), config.hidden(), config.layers(), config.dropout());
    files.write(
        new SetConfig(
            ModelConfig.FORMAT,
            TASK,
            architecture,
            predictor.labels().names(),
            predictor.provenance()),
        predictor.parameters());
  }

  static TrainedSetPredictor read(ConfigFile file, ModelFiles files) {
    SetConfig config = file.as(SetConfig.class);
    Labels labels = ModelConfig.labels(file.file(), config.labels, 1).independent();
    SetPredictor.Config network = config.network(file.file());
    double units = network.hidden();
    SetPredictor model =
        files.read(
            units * (2.0 * labels.size() + units * network.layers()),
            () -> new SetPredictor(network, labels),
            SetPredictor::parameters);
    return new TrainedSetPredictor(model, config.provenance);
  }

  private SetPredictor.Config network(Path file) {
    CellKind cell =
        ModelConfig.constant(file, "architecture.cell", architecture.cell, CellKind.class);
    try {
      return new SetPredictor.Config(
          cell, architecture.hidden, architecture.layers, architecture.dropout);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, e.getMessage() + "; was the file edited?", e);
    }
  }
}
