package dev.sluice.cli;

import dev.sluice.data.CsvTable;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TimeSplit;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.TrainedDetector;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.AnomalyDetector;
import dev.sluice.model.Forecaster;
import dev.sluice.tape.Backend;
import dev.sluice.train.Forecasting;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code train --task detect}: the usual errors of one-step forecasts of columns of a CSV file. Rows are taken
 * as they come: a stream is what it is, with gaps and with clocks that were set back.
 */
final class DetectTask implements TrainingTask {
  @Mixin private ForecasterOptions network = new ForecasterOptions();

  @Option(
      names = "--values",
      required = true,
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns to watch, with commas between them.")
  private List<String> values = List.of();

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description =
          "Share of the rows, the last ones, that choose the best epoch and tell how large errors"
              + " usually are (${DEFAULT-VALUE}).")
  private float validation = 0.2f;

  @Option(
      names = "--smoothing",
      paramLabel = "N",
      description =
          "Rows over which errors are averaged: more find longer anomalies, later"
              + " (${DEFAULT-VALUE}).")
  private int smoothing = 1;

  @Option(
      names = "--memory",
      paramLabel = "N",
      description =
          "Rows over which the notion of usual errors follows the stream; 0: never"
              + " (${DEFAULT-VALUE}).")
  private int memory = 1000;

  @Override
  public TrainingJob prepare(Path directory, TrainingOptions options, String settings) {
    Require.atLeast(1, "--smoothing", smoothing);
    Require.atLeast(0, "--memory", memory);
    Require.that(
        validation > 0 && validation < 1, "--validation", "above 0 and below 1", validation);
    Forecaster.Config config = network.config(1, 0);
    ModelDirectory target = ModelDirectory.at(directory);
    Matrix rows = read();
    TimeSplit parts = parts(rows, config.window());
    Forecaster.Columns columns = new Forecaster.Columns(values, values);
    StandardScaler scaler = StandardScaler.learn(List.of(rows.rowRange(0, parts.validation())));
    Forecaster model = TrainingTask.sized(() -> new Forecaster(config, columns, scaler));
    options.initialize(model.parameters());
    Matrix scaled = scaler.scale(rows);
    return new ForecastingJob(
        model,
        rows,
        parts,
        new Forecasting(model, scaled, parts, options.batch(), options.seed()),
        target,
        (provenance, trained) -> new TrainedDetector(detector(trained, scaled, parts), provenance),
        settings);
  }

  private AnomalyDetector detector(Forecaster model, Matrix scaled, TimeSplit parts) {
    try (Backend backend = Backend.create(1)) {
      return AnomalyDetector.learn(
          backend,
          model,
          new AnomalyDetector.Config(smoothing, memory),
          scaled,
          parts.validation(),
          parts.test());
    }
  }

  private Matrix read() {
    if (values.stream().distinct().count() < values.size()) {
      throw new UserException("--values: a column is there twice: " + String.join(",", values));
    }
    try (CsvTable table = CsvTable.open(network.file())) {
      return table.numbers(values);
    }
  }

  private TimeSplit parts(Matrix rows, int window) {
    int learned = (int) (rows.rows * (1 - validation));
    int least = Math.max(window + 1, 1);
    int judged = rows.rows - learned;
    if (learned < least || judged < smoothing + 1) {
      throw new UserException(
          ("%s: has %d rows, of which %d are to be learned from and %d for validation; a window of"
                  + " %d and a smoothing of %d need at least %d and %d")
              .formatted(
                  network.file(),
                  rows.rows,
                  learned,
                  judged,
                  window,
                  smoothing,
                  least,
                  smoothing + 1));
    }
    return new TimeSplit(learned, rows.rows, rows.rows);
  }
}
