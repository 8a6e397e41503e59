package dev.sluice.train;

import dev.sluice.data.SeasonalNaive;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.Forecaster;
import dev.sluice.tape.Tape;
import java.util.List;

/**
 * Some forecasts that follow one another, beside what happened and what a forecast without a model
 * says, in the units of the columns. To be looked at; how good all forecasts are, {@link
 * ForecastErrors} tell.
 *
 * @param firstRow of the time series
 * @param horizon rows that are forecast at once
 * @param naive the forecast without a model: that whose error is learned, or of the last value
 * @param columns one for each output
 */
public record ForecastSample(int firstRow, int horizon, SeasonalNaive naive, List<Column> columns)
    implements Findings {
  /**
   * A column.
   *
   * @param values (3, rows): what happened, the forecast, and the naive one
   */
  public record Column(String name, Matrix values) {}

  /** Forecasts from {@code origins}, a horizon apart. */
  static ForecastSample of(Tape tape, Forecaster model, Matrix scaled, int... origins) {
    int horizon = model.config().horizon();
    SeasonalNaive naive = new SeasonalNaive(Math.max(1, model.config().residual()));
    Matrix forecasts = model.forward(tape, scaled, origins).value();
    List<String> names = model.columns().outputs();
    List<Column> columns =
        names.stream()
            .map(name -> new Column(name, Matrix.zeros(3, origins.length * horizon)))
            .toList();
    for (int o = 0; o < columns.size(); o++) {
      Matrix values = columns.get(o).values();
      int column = model.column(o);
      for (int t = 0; t < values.cols; t++) {
        int origin = origins[t / horizon];
        int step = t % horizon;
        values.set(0, t, unscaled(model, column, scaled.get(origin + step, column)));
        values.set(1, t, unscaled(model, column, forecasts.get(t / horizon, o * horizon + step)));
        values.set(2, t, unscaled(model, column, naive.forecast(scaled, origin, step, column)));
      }
    }
    return new ForecastSample(origins[0], horizon, naive, columns);
  }

  private static float unscaled(Forecaster model, int column, float value) {
    return value * model.scaler().deviation().get(column) + model.scaler().mean().get(column);
  }
}
