package dev.sluice.cli;

import dev.sluice.data.CsvTable;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TimeSeries;
import dev.sluice.data.TimeSplit;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.TrainedForecaster;
import dev.sluice.io.TrainedForecaster.TestPart;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.Forecaster;
import dev.sluice.train.Forecasting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train --task forecast}: the next rows of a CSV file with a column of times, from the last ones. */
final class ForecastTask implements TrainingTask {
  @Mixin private ForecasterOptions network = new ForecasterOptions();

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description = "The column of times, evenly spaced; default: the first.")
  private Optional<String> time = Optional.empty();

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns to read, with commas between them; default: all but that of times.")
  private List<String> inputs = List.of();

  @Option(
      names = "--outputs",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns to forecast; default: those that are read.")
  private List<String> outputs = List.of();

  @Option(
      names = "--horizon",
      paramLabel = "N",
      description = "Rows to forecast at once (${DEFAULT-VALUE}).")
  private int horizon = 1;

  @Option(
      names = "--split",
      paramLabel = "A,B,C",
      description =
          "Shares of the rows for training, validation and test, in this order; or the times at"
              + " which validation and test begin, and perhaps that at which the test ends"
              + " (${DEFAULT-VALUE}).")
  private String split = "70,15,15";

  @Option(
      names = "--residual",
      paramLabel = "N",
      description =
          "Learn the difference from the value N rows before, such as 24 for the day before of"
              + " hourly rows; 0: not (${DEFAULT-VALUE}).")
  private int residual;

  @Override
  public TrainingJob prepare(Path directory, TrainingOptions options, String settings) {
    Require.atLeast(1, "--horizon", horizon);
    Require.atLeast(0, "--residual", residual);
    Forecaster.Config config = network.config(horizon, residual);
    ModelDirectory target = ModelDirectory.at(directory);
    String timeColumn = time.orElseGet(() -> header().getFirst());
    Forecaster.Columns columns = columns(timeColumn);
    TimeSeries series = TimeSeries.read(network.file(), timeColumn, columns.all());
    TimeSplit parts = parts(series);
    StandardScaler scaler =
        StandardScaler.learn(List.of(series.values().rowRange(0, parts.validation())));
    Forecaster model = TrainingTask.sized(() -> new Forecaster(config, columns, scaler));
    options.initialize(model.parameters());
    TestPart test =
        new TestPart(series.times().time(parts.test()), series.times().time(parts.end()));
    return new ForecastingJob(
        model,
        series.values(),
        parts,
        objective(model, scaler.scale(series.values()), parts, options),
        target,
        (provenance, _) -> new TrainedForecaster(model, timeColumn, test, provenance),
        settings);
  }

  private Forecasting objective(
      Forecaster model, Matrix scaled, TimeSplit parts, TrainingOptions options) {
    try {
      return new Forecasting(model, scaled, parts, options.batch(), options.seed());
    } catch (IllegalArgumentException e) {
      throw new UserException("%s: %s".formatted(network.file(), e.getMessage()), e);
    }
  }

  private Forecaster.Columns columns(String timeColumn) {
    List<String> read =
        inputs.isEmpty()
            ? header().stream().filter(name -> !name.equals(timeColumn)).toList()
            : inputs;
    try {
      return new Forecaster.Columns(read, outputs.isEmpty() ? read : outputs);
    } catch (IllegalArgumentException e) {
      throw new UserException("--" + e.getMessage(), e);
    }
  }

  private List<String> header() {
    try (CsvTable table = CsvTable.open(network.file())) {
      return table.header();
    }
  }

  private TimeSplit parts(TimeSeries series) {
    try {
      return TimeSplit.parse(split, series);
    } catch (IllegalArgumentException e) {
      throw new UserException("--split: " + e.getMessage(), e);
    }
  }
}
