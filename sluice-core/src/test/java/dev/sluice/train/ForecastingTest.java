package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.CellKind;
import dev.sluice.data.SeasonalNaive;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TimeSplit;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.Forecaster;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows hold what they should, errors are those computed by hand, and waves are learned. */
final class ForecastingTest {
  private static final TimeSplit PARTS = new TimeSplit(120, 150, 200);

  private static Forecaster model(int residual, boolean relative, boolean autoregressive) {
    Forecaster.Config config =
        new Forecaster.Config(CellKind.LSTM, 8, 1, 0, 12, 3, residual, relative, autoregressive);
    return new Forecaster(
        config,
        new Forecaster.Columns(List.of("a"), List.of("b", "a")),
        StandardScaler.identity(2));
  }

  /** A wave on a rising level, and a faster one. */
  private static Matrix waves() {
    Matrix values = Matrix.zeros(200, 2);
    for (int t = 0; t < values.rows; t++) {
      values.set(t, 0, (float) StrictMath.sin(t * Math.PI / 6) + t * 0.01f);
      values.set(t, 1, (float) StrictMath.cos(t * Math.PI / 3));
    }
    return values;
  }

  @Test
  void aSampleShowsForecastsWithoutAGapInTheUnitsOfTheColumns() {
    Matrix values = waves();
    StandardScaler scaler = StandardScaler.learn(List.of(values));
    Forecaster model =
        new Forecaster(
            model(5, false, false).config(),
            new Forecaster.Columns(List.of("a"), List.of("b", "a")),
            scaler);
    Forecasting objective = new Forecasting(model, scaler.scale(values), PARTS, 8, 1);
    try (Backend backend = Backend.create(1)) {
      assertThat(objective.findings()).isEmpty();
      objective.validate(Tape.inference(backend, model.parameters()));
    }
    ForecastSample sample = (ForecastSample) objective.findings().orElseThrow();
    assertThat(sample.firstRow()).isEqualTo(120);
    assertThat(sample.horizon()).isEqualTo(3);
    assertThat(sample.columns()).extracting(ForecastSample.Column::name).containsExactly("b", "a");
    Matrix a = sample.columns().get(1).values();
    assertThat(a.cols).isEqualTo(30); // the validation part is rows 120 to 149
    SeasonalNaive naive = new SeasonalNaive(5);
    for (int t = 0; t < a.cols; t++) {
      float expected = naive.forecast(values, 120 + t / 3 * 3, t % 3, 0);
      assertThat(a.get(0, t)).isCloseTo(values.get(120 + t, 0), within(1e-5f));
      assertThat(a.get(1, t)).isCloseTo(expected, within(1e-5f)); // weights are zero
      assertThat(a.get(2, t)).isCloseTo(expected, within(1e-5f));
    }
  }

  /** With weights of zero a model says its naive forecast; outputs come one after the other. */
  @Test
  void aModelOfZerosSaysTheNaiveForecast() {
    Matrix values = waves();
    try (Backend backend = Backend.create(1)) {
      for (int period : new int[] {1, 5}) {
        Forecaster model = model(period, true, true);
        Tape tape = Tape.inference(backend, model.parameters());
        Matrix y = model.forward(tape, values, 40, 100).value();
        SeasonalNaive naive = new SeasonalNaive(period);
        for (int step = 0; step < 3; step++) {
          assertThat(y.get(1, step)).isEqualTo(naive.forecast(values, 100, step, 1));
          assertThat(y.get(1, 3 + step)).isEqualTo(naive.forecast(values, 100, step, 0));
        }
        ForecastErrors errors = Forecasting.evaluate(tape, model, values, 150, 200);
        ForecastErrors expected = Forecasting.evaluate(naive, model, values, 150, 200);
        assertThat(errors.mse()).isCloseTo(expected.mse(), within(1e-12));
        assertThat(errors.mae()).isCloseTo(expected.mae(), within(1e-12));
      }
      Forecaster absolute = model(0, false, false);
      assertThat(
              absolute
                  .forward(Tape.inference(backend, absolute.parameters()), values, 40)
                  .value()
                  .toArray())
          .containsOnly(0);
    }
  }

  @Test
  void errorsAreThoseComputedByHand() {
    Forecaster model =
        new Forecaster(
            new Forecaster.Config(CellKind.RNN, 1, 1, 0, 1, 2, 1, false, false),
            new Forecaster.Columns(List.of("a"), List.of("a")),
            StandardScaler.of(new float[] {5}, new float[] {2}));
    Matrix scaled = Matrix.of(5, 1, 0, 1, 3, 2, 2);
    // Rows 2 to 4: forecasts 1, 1 of 3, 2 and 3, 3 of 2, 2.
    ForecastErrors errors = Forecasting.evaluate(new SeasonalNaive(1), model, scaled, 2, 5);
    assertThat(errors.mse()).isEqualTo((4 + 1 + 1 + 1) / 4.0);
    assertThat(errors.mae()).isEqualTo((2 + 1 + 1 + 1) / 4.0);
    assertThat(errors.mae(0, model.scaler(), 0)).isEqualTo(2 * 5 / 4.0);
    assertThat(errors.rmse(0, model.scaler(), 0)).isEqualTo(2 * Math.sqrt(7 / 4.0));
    assertThat(Forecasting.windows(model, 2, 5)).isEqualTo(2);
  }

  @Test
  void wavesAreLearnedToTheSameBitsByAnyNumberOfThreads() {
    float[] one = trained(1);
    assertThat(trained(3)).isEqualTo(one);
  }

  private static float[] trained(int threads) {
    Matrix values = waves();
    Forecaster model = model(0, true, true);
    model.parameters().initialize(RandomKey.of(1));
    try (Backend backend = Backend.create(threads)) {
      Forecasting objective = new Forecasting(model, values, PARTS, 16, 1);
      Trainer.Settings settings =
          new Trainer.Settings(
              30, 0, 0.01f, Schedule.named("cosine"), 1, Float.POSITIVE_INFINITY, 1, 1);
      new Trainer(
              backend,
              objective,
              Optimizer.named("adam"),
              settings,
              new Trainer.Listener() {},
              Checkpoints.NONE)
          .run(() -> false);
      Tape tape = Tape.inference(backend, model.parameters());
      double naive = Forecasting.evaluate(new SeasonalNaive(12), model, values, 150, 200).mse();
      assertThat(Forecasting.evaluate(tape, model, values, 150, 200).mse()).isLessThan(naive / 2);
    }
    return model.parameters().values().clone();
  }

  @Test
  void partsThatAreTooShortAreRefused() {
    assertThatThrownBy(
            () ->
                new Forecasting(model(0, true, false), waves(), new TimeSplit(14, 150, 200), 1, 1))
        .hasMessage("the training part has 14 rows, too few for a window of 12 and a horizon of 3");
    assertThatThrownBy(
            () ->
                new Forecasting(model(0, true, false), waves(), new TimeSplit(148, 150, 200), 1, 1))
        .hasMessage(
            "the validation part has 2 rows, too few for a window of 12 and a horizon of 3");
  }

  @Test
  void configurationsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> model(13, true, false))
        .hasMessage("residual must be 0 or a period within the window of 12, got 13");
    assertThatThrownBy(() -> new Forecaster.Columns(List.of("a", "a"), List.of("a")))
        .hasMessage("inputs: expected at least one column, and each once, got [a, a]");
  }
}
