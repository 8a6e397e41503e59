package dev.sluice.train;

import dev.sluice.data.SeasonalNaive;
import dev.sluice.data.TimeSplit;
import dev.sluice.loss.SquaredError;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.Forecaster;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Teaches a {@link Forecaster} by the mean squared error of all windows of the training part of a time
 * series, and judges it. What is forecast lies in the part it is judged by; what is read may lie before.
 */
public final class Forecasting implements Objective {
  /** Rows whose forecasts are shown. */
  private static final int SHOWN_ROWS = 200;

  /** The forecasts that begin at row {@code first}, the row after, and so on. */
  private record Windows(Forecaster model, int first, int count) implements Examples<int[]> {
    /** All whose rows lie in {@code from} to {@code to} - 1, and that have enough rows before. */
    static Windows in(Forecaster model, int from, int to) {
      int first = Math.max(from, model.config().window());
      return new Windows(model, first, Math.max(0, to - model.config().horizon() + 1 - first));
    }

    /** Forecasts that follow one another without a gap, of so many rows or at least one. */
    int[] inARow(int rows) {
      int horizon = model.config().horizon();
      int all = (count - 1) / horizon + 1;
      return IntStream.range(0, Math.clamp(rows / horizon, 1, all))
          .map(i -> first + i * horizon)
          .toArray();
    }

    @Override
    public int[] lengths() {
      int[] lengths = new int[count];
      Arrays.fill(lengths, model.config().window());
      return lengths;
    }

    @Override
    public int[] batch(int... indices) {
      return Arrays.stream(indices).map(i -> first + i).toArray();
    }
  }

  private final Forecaster model;
  private final Matrix scaled;
  private final Windows training;
  private final List<int[]> validation;
  private final int batchSize;
  private final RandomKey key;
  private final int[] shown; // origins of forecasts one after the other
  private List<int[]> epoch = List.of();
  private Optional<Findings> findings = Optional.empty();

  /**
   * Training of {@code model} on the first part of a series, judged by the second.
   *
   * @param scaled all columns of the model, (T, C)
   * @param seed of the order of windows
   * @throws IllegalArgumentException when a part is too short for one window
   */
  public Forecasting(Forecaster model, Matrix scaled, TimeSplit split, int batchSize, long seed) {
    this.model = model;
    this.scaled = scaled;
    training = Windows.in(model, 0, split.validation());
    Windows judged = Windows.in(model, split.validation(), split.test());
    requireSome("training", training, split.validation());
    requireSome("validation", judged, split.test() - split.validation());
    validation = judged.toJudge();
    shown = judged.inARow(SHOWN_ROWS);
    this.batchSize = batchSize;
    key = RandomKey.of(seed).fold("batches");
  }

  private static void requireSome(String part, Windows windows, int rows) {
    if (windows.count == 0) {
      Forecaster.Config config = windows.model.config();
      throw new IllegalArgumentException(
          "the %s part has %d rows, too few for a window of %d and a horizon of %d"
              .formatted(part, rows, config.window(), config.horizon()));
    }
  }

  @Override
  public Parameters parameters() {
    return model.parameters();
  }

  @Override
  public int beginEpoch(int number) {
    epoch = training.toLearn(batchSize, key, number);
    return epoch.size();
  }

  @Override
  public int batchSize(int batch) {
    return epoch.get(batch).length;
  }

  @Override
  public String unit() {
    return "windows";
  }

  @Override
  public Var loss(Tape tape, int batch) {
    int[] origins = epoch.get(batch);
    return SquaredError.mean(
        model.forward(tape, scaled, origins), model.targets(tape, scaled, origins));
  }

  @Override
  public Score validate(Tape tape) {
    double mse = judge(tape, model, scaled, validation).mse();
    tape.reset(RandomKey.of(0));
    findings = Optional.of(ForecastSample.of(tape, model, scaled, shown));
    return new Score(mse, Metric.LOSS, mse);
  }

  @Override
  public Optional<Findings> findings() {
    return findings;
  }

  @Override
  public void glance(Tape tape) {
    model.forward(tape, scaled, shown);
  }

  /** How many windows lie in rows {@code from} to {@code to} - 1. */
  public static int windows(Forecaster model, int from, int to) {
    return Windows.in(model, from, to).count;
  }

  /** The errors of a model over all windows in rows {@code from} to {@code to} - 1 of a scaled series. */
  public static ForecastErrors evaluate(
      Tape tape, Forecaster model, Matrix scaled, int from, int to) {
    return judge(tape, model, scaled, Windows.in(model, from, to).toJudge());
  }

  /** As {@link #evaluate}, of the forecasts that need no model. */
  public static ForecastErrors evaluate(
      SeasonalNaive naive, Forecaster model, Matrix scaled, int from, int to) {
    Windows windows = Windows.in(model, from, to);
    int outputs = model.columns().outputs().size();
    ForecastErrors errors = new ForecastErrors(outputs);
    for (int origin = windows.first; origin < windows.first + windows.count; origin++) {
      for (int step = 0; step < model.config().horizon(); step++) {
        for (int o = 0; o < outputs; o++) {
          int column = model.column(o);
          float forecast = naive.forecast(scaled, origin, step, column);
          errors.add(o, forecast - (double) scaled.get(origin + step, column));
        }
      }
    }
    return errors;
  }

  private static ForecastErrors judge(
      Tape tape, Forecaster model, Matrix scaled, List<int[]> batches) {
    ForecastErrors errors = new ForecastErrors(model.columns().outputs().size());
    for (int[] origins : batches) {
      tape.reset(RandomKey.of(0));
      Matrix y = model.forward(tape, scaled, origins).value();
      Matrix truth = model.targets(tape, scaled, origins);
      for (int b = 0; b < y.rows; b++) {
        for (int k = 0; k < y.cols; k++) {
          errors.add(k / model.config().horizon(), y.get(b, k) - (double) truth.get(b, k));
        }
      }
    }
    return errors;
  }
}
