package dev.sluice.cli;

import dev.sluice.data.SeasonalNaive;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TimeSeries;
import dev.sluice.io.TrainedForecaster;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.Forecaster;
import dev.sluice.tape.Tape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code predict} does with a forecaster: forecasts block after block, each of a horizon, beside what
 * happened and beside the naive forecasts, as CSV in the units of the file.
 */
final class ForecastPrediction {
  private final TrainedForecaster trained;
  private final TimeSeries series;
  private final Tape tape;
  private final Matrix scaled;

  ForecastPrediction(TrainedForecaster trained, TimeSeries series, Tape tape) {
    this.trained = trained;
    this.series = series;
    this.tape = tape;
    this.scaled = trained.forecaster().scaler().scale(series.values());
  }

  /**
   * Writes the forecasts of all rows from {@code from} on, and of the first ones behind the last.
   *
   * @param season period of a second naive forecast
   */
  void write(Optional<String> from, Optional<Integer> season, PrintWriter out) {
    int origin = from.map(this::row).orElse(series.length());
    requireBefore(origin, season.orElse(1));
    List<String> header = new ArrayList<>(List.of(trained.time()));
    for (String column : trained.forecaster().columns().outputs()) {
      header.addAll(List.of(column, column + "_forecast", column + "_last"));
      season.ifPresent(_ -> header.add(column + "_season"));
    }
    out.println(String.join(",", header.stream().map(ForecastPrediction::field).toList()));
    int horizon = trained.forecaster().config().horizon();
    for (; origin <= series.length(); origin += horizon) {
      block(origin, season, out);
    }
  }

  private int row(String from) {
    try {
      return series.times().rowAt(from);
    } catch (IllegalArgumentException e) {
      throw new UserException("--from: " + e.getMessage(), e);
    }
  }

  private void requireBefore(int origin, int season) {
    int needed = Math.max(trained.forecaster().config().window(), season);
    if (series.length() < needed) {
      throw new UserException(
          "a forecast needs %d rows before it, and the file has %d"
              .formatted(needed, series.length()));
    }
    if (origin < needed || origin > series.length()) {
      throw new UserException(
          "--from: a forecast needs %d rows before it; expected %s to %s, got %s"
              .formatted(
                  needed,
                  series.times().time(needed),
                  series.times().time(series.length()),
                  series.times().time(origin)));
    }
  }

  private void block(int origin, Optional<Integer> season, PrintWriter out) {
    Forecaster model = trained.forecaster();
    tape.reset(RandomKey.of(0));
    Matrix y = model.forward(tape, scaled, origin).value();
    for (int step = 0; step < model.config().horizon(); step++) {
      List<String> fields = new ArrayList<>();
      fields.add(series.times().time(origin + step));
      for (int o = 0; o < model.columns().outputs().size(); o++) {
        int column = model.column(o);
        boolean happened = origin + step < series.length();
        fields.add(happened ? Float.toString(series.values().get(origin + step, column)) : "");
        fields.add(number(inUnits(y.get(0, o * model.config().horizon() + step), column)));
        fields.add(naive(1, origin, step, column));
        if (season.isPresent()) {
          fields.add(naive(season.get(), origin, step, column));
        }
      }
      out.println(String.join(",", fields));
    }
  }

  private float inUnits(float value, int column) {
    StandardScaler scaler = trained.forecaster().scaler();
    return value * scaler.deviation().get(column) + scaler.mean().get(column);
  }

  private String naive(int period, int origin, int step, int column) {
    return number(new SeasonalNaive(period).forecast(series.values(), origin, step, column));
  }

  private static String number(float value) {
    return Float.toString(value);
  }

  /** As RFC 4180 wants a field. */
  private static String field(String text) {
    return text.matches("[^,\"]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
