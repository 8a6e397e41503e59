package dev.sluice.cli;

import dev.sluice.data.SeasonalNaive;
import dev.sluice.data.TimeSeries;
import dev.sluice.io.TrainedForecaster;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.Forecaster;
import dev.sluice.tape.Tape;
import dev.sluice.train.ForecastErrors;
import dev.sluice.train.Forecasting;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What {@code evaluate} says of a forecaster, for people and as JSON: its errors beside those of naive forecasts,
 * over all windows whose forecasts lie in the range.
 *
 * @param windows how many were judged
 * @param from the first time that is forecast
 * @param to the time at which the range ends, itself not in it
 * @param forecasts the model's, that of the last value, and that of the last season if there is one
 */
record ForecastReport(int windows, String from, String to, List<Forecast> forecasts)
    implements Report {
  /**
   * The errors of one way to forecast.
   *
   * @param mse mean squared error over all columns, scaled
   * @param mae mean absolute error over all columns, scaled
   * @param columns errors of each column, in its units
   */
  record Forecast(String name, double mse, double mae, List<Column> columns) {}

  /** The errors of one column, in its units. */
  record Column(String name, double rmse, double mae) {}

  /** Judges rows {@code from} to {@code to} - 1 of {@code series}. */
  static ForecastReport of(
      TrainedForecaster trained,
      TimeSeries series,
      Tape tape,
      int from,
      int to,
      Optional<Integer> season) {
    Forecaster model = trained.forecaster();
    Matrix scaled = model.scaler().scale(series.values());
    List<Forecast> forecasts = new ArrayList<>();
    forecasts.add(forecast("model", model, Forecasting.evaluate(tape, model, scaled, from, to)));
    forecasts.add(
        forecast(
            "last value",
            model,
            Forecasting.evaluate(new SeasonalNaive(1), model, scaled, from, to)));
    season.ifPresent(
        period ->
            forecasts.add(
                forecast(
                    "last season, " + period,
                    model,
                    Forecasting.evaluate(new SeasonalNaive(period), model, scaled, from, to))));
    return new ForecastReport(
        Forecasting.windows(model, from, to),
        series.times().time(from),
        series.times().time(to),
        forecasts);
  }

  private static Forecast forecast(String name, Forecaster model, ForecastErrors errors) {
    return new Forecast(
        name,
        errors.mse(),
        errors.mae(),
        IntStream.range(0, model.columns().outputs().size())
            .mapToObj(
                o ->
                    new Column(
                        model.columns().outputs().get(o),
                        errors.rmse(o, model.scaler(), model.column(o)),
                        errors.mae(o, model.scaler(), model.column(o))))
            .toList());
  }

  @Override
  public void print(PrintWriter out) {
    out.printf("%,d windows from %s to %s%n%n", windows, from, to);
    Table scaled = new Table("forecast", "MSE, scaled", "MAE, scaled");
    for (Forecast f : forecasts) {
      scaled.row(f.name(), "%.4f".formatted(f.mse()), "%.4f".formatted(f.mae()));
    }
    scaled.print(out);
    out.println();
    Table units = new Table("column, in its units", "forecast", "RMSE", "MAE");
    for (int o = 0; o < forecasts.getFirst().columns().size(); o++) {
      for (Forecast f : forecasts) {
        Column column = f.columns().get(o);
        units.row(
            column.name(),
            f.name(),
            "%.4g".formatted(column.rmse()),
            "%.4g".formatted(column.mae()));
      }
    }
    units.print(out);
  }
}
