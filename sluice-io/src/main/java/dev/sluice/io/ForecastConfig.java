package dev.sluice.io;

import java.io.IOException;

/** The config.json of a forecaster, key by key, and back. */
record ForecastConfig(
    int format,
    String task,
    ForecasterJson architecture,
    String time,
    TrainedForecaster.TestPart test,
    Provenance provenance) {
  static final String TASK = "forecast";

  static void write(TrainedForecaster trained, ModelFiles files) throws IOException {
    files.write(
        new ForecastConfig(
            ModelConfig.FORMAT,
            TASK,
            ForecasterJson.of(trained.forecaster()),
            trained.time(),
            trained.test(),
            trained.provenance()),
        trained.parameters());
    ScalerFile.write(trained.forecaster().scaler(), files);
  }

  static TrainedForecaster read(ConfigFile file, ModelFiles files) {
    ForecastConfig config = file.as(ForecastConfig.class);
    return new TrainedForecaster(
        config.architecture.read(file.file(), files), config.time, config.test, config.provenance);
  }
}
