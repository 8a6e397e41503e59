package dev.sluice.io;

import dev.sluice.model.AnomalyDetector;
import dev.sluice.model.Forecaster;
import java.io.IOException;

/** The config.json of a detector of anomalies, key by key, and back. */
record DetectConfig(
    int format, String task, ForecasterJson architecture, Scores scores, Provenance provenance) {
  static final String TASK = "detect";

  /** How errors become scores, and the distribution of errors that was learned. */
  record Scores(int smoothing, int memory, double mean, double deviation) {}

  static void write(TrainedDetector trained, ModelFiles files) throws IOException {
    AnomalyDetector detector = trained.detector();
    Scores scores =
        new Scores(
            detector.config().smoothing(),
            detector.config().memory(),
            detector.errors().mean(),
            detector.errors().deviation());
    files.write(
        new DetectConfig(
            ModelConfig.FORMAT,
            TASK,
            ForecasterJson.of(trained.forecaster()),
            scores,
            trained.provenance()),
        trained.parameters());
    ScalerFile.write(trained.forecaster().scaler(), files);
  }

  static TrainedDetector read(ConfigFile file, ModelFiles files) {
    DetectConfig config = file.as(DetectConfig.class);
    Forecaster forecaster = config.architecture.read(file.file(), files);
    Scores scores = config.scores;
    try {
      AnomalyDetector detector =
          new AnomalyDetector(
              forecaster,
              new AnomalyDetector.Config(scores.smoothing, scores.memory),
              new AnomalyDetector.Errors(scores.mean, scores.deviation));
      return new TrainedDetector(detector, config.provenance);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file.file(), e.getMessage() + "; was the file edited?", e);
    }
  }
}
