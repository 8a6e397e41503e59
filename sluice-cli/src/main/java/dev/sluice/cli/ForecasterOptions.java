package dev.sluice.cli;

import dev.sluice.cell.CellKind;
import dev.sluice.model.Forecaster;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The file and the network of a task that forecasts: the options that all such tasks have. */
final class ForecasterOptions {
  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "CSV file with a header, plain or gzipped, its rows in the order of time.")
  private Path file = Path.of("");

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Rows that are read for a forecast (${DEFAULT-VALUE}).")
  private int window = 24;

  @Option(names = "--cell", paramLabel = "NAME", description = "lstm (default), gru or rnn.")
  private CellKind cell = CellKind.LSTM;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Units of each layer (${DEFAULT-VALUE}).")
  private int hidden = 32;

  @Option(names = "--layers", paramLabel = "N", description = "Layers (${DEFAULT-VALUE}).")
  private int layers = 1;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Probability of dropping an element in training (${DEFAULT-VALUE}).")
  private float dropout;

  @Option(
      names = "--relative",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether windows and forecasts are relative to the last row of the window, so that the"
              + " level does not matter (yes).")
  private boolean relative;

  @Option(
      names = "--autoregressive",
      negatable = true,
      description =
          "Add a linear forecast of each column from its own window, with the same weights for all"
              + " columns.")
  private boolean autoregressive;

  Path file() {
    return file;
  }

  /** @param residual period of the naive forecast whose error is learned, 0 for none */
  Forecaster.Config config(int horizon, int residual) {
    Require.atLeast(1, "--window", window);
    Require.atLeast(1, "--hidden", hidden);
    Require.atLeast(1, "--layers", layers);
    Require.probability("--dropout", dropout);
    if (residual > window) {
      throw new UserException(
          "--residual: expected a period within the window of %d rows, got %d"
              .formatted(window, residual));
    }
    return new Forecaster.Config(
        cell, hidden, layers, dropout, window, horizon, residual, relative, autoregressive);
  }
}
