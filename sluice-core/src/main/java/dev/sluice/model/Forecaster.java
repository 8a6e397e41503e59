package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.data.SeasonalNaive;
import dev.sluice.data.StandardScaler;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last steps of a time series in, the next ones out, all at once:
 *
 * <pre>
 *   scaled window → recurrent layers → last output → dense → outputs x horizon, scaled
 * </pre>
 *
 * <p>with dropout between layers and before the dense layer. Three things may be added, each of which
 * takes from the network what needs no network: the error of a {@link SeasonalNaive} forecast is learned
 * instead of the values; windows and forecasts are relative to the last row of the window, so that a level
 * that was never seen in training means nothing (NLinear, Zeng et al. 2023); and a linear forecast of each
 * output from its own window, with the same weights for all (the autoregressive part of LSTNet, Lai et al.
 * 2018).
 *
 * <p>Any number of threads may forecast with one model, each on a tape of its own.
 */
public final class Forecaster {
  /**
   * The shape of the network.
   *
   * @param cell of the recurrent layers
   * @param hidden units of each layer
   * @param layers recurrent layers
   * @param dropout probability of dropping an element, while training
   * @param window rows that are read, W
   * @param horizon rows that are forecast, H
   * @param residual period of the naive forecast whose error is learned, at most W; 0 to learn the values
   * @param relative whether windows and forecasts are relative to the last row of the window
   * @param autoregressive whether a linear forecast of each output from its own window is added
   */
  public record Config(
      CellKind cell,
      int hidden,
      int layers,
      float dropout,
      int window,
      int horizon,
      int residual,
      boolean relative,
      boolean autoregressive) {
    /** Fails when a number is out of range. */
    public Config {
      if (hidden < 1 || layers < 1 || window < 1 || horizon < 1) {
        throw new IllegalArgumentException(
            "hidden, layers, window and horizon must be at least 1, got %d, %d, %d, %d"
                .formatted(hidden, layers, window, horizon));
      }
      RecurrentStack.requireDropout(dropout);
      if (residual < 0 || residual > window) {
        throw new IllegalArgumentException(
            "residual must be 0 or a period within the window of %d, got %d"
                .formatted(window, residual));
      }
    }
  }

  /**
   * Which columns of a time series are read and which are forecast.
   *
   * @param inputs names of those that are read
   * @param outputs names of those that are forecast; they may be among the inputs
   */
  public record Columns(List<String> inputs, List<String> outputs) {
    /** Fails when there is none of the one or the other, or one is there twice. */
    public Columns {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      requireDistinct("inputs", inputs);
      requireDistinct("outputs", outputs);
    }

    private static void requireDistinct(String which, List<String> names) {
      if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
        throw new IllegalArgumentException(
            "%s: expected at least one column, and each once, got %s".formatted(which, names));
      }
    }

    /** All that are needed, each once, the inputs first. */
    public List<String> all() {
      return Stream.concat(inputs.stream(), outputs.stream()).distinct().toList();
    }
  }

  private final Config config;
  private final Columns columns;
  private final StandardScaler scaler;
  private final int[] outputs; // their places among all columns
  private final Recurrent recurrent;
  private final Dense dense;
  private final Dense linear;
  private final Parameters parameters;

  /**
   * A network whose parameters are all zero: to be initialised, or read from a file.
   *
   * @param scaler of all columns, learned from training data
   * @throws IllegalArgumentException when the scaler is for another number of columns
   * @throws ArithmeticException when there are more outputs than an array can hold
   */
  public Forecaster(Config config, Columns columns, StandardScaler scaler) {
    if (scaler.channels() != columns.all().size()) {
      throw new IllegalArgumentException(
          "the scaler is for %d columns, the model has %d"
              .formatted(scaler.channels(), columns.all().size()));
    }
    this.config = config;
    this.columns = columns;
    this.scaler = scaler;
    outputs = columns.outputs().stream().mapToInt(columns.all()::indexOf).toArray();
    recurrent =
        RecurrentStack.of(
            config.cell(),
            columns.inputs().size(),
            config.hidden(),
            config.layers(),
            false,
            config.dropout());
    dense =
        new Dense(
            "dense", recurrent.outputSize(), Math.multiplyExact(config.horizon(), outputs.length));
    linear = new Dense("linear", config.window(), config.horizon());
    parameters =
        config.autoregressive()
            ? Layer.parametersOf(recurrent, dense, linear)
            : Layer.parametersOf(recurrent, dense);
  }

  public Config config() {
    return config;
  }

  public Columns columns() {
    return columns;
  }

  /** Of all columns. */
  public StandardScaler scaler() {
    return scaler;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The recurrent layers. */
  public Recurrent recurrent() {
    return recurrent;
  }

  /** The place of the {@code o}-th output among all columns. */
  public int column(int o) {
    return outputs[o];
  }

  /**
   * Scaled forecasts of the H rows from each origin on, made from the W rows before, (B, O·H): all
   * steps of the first output, then those of the second.
   *
   * @param scaled (T, C), all columns
   * @param origins of the B forecasts, each W at the least and T at the most
   */
  public Var forward(Tape tape, Matrix scaled, int... origins) {
    Packing packing = Packing.uniform(origins.length, config.window());
    PackedSequence x = new PackedSequence(packing, tape.constant(windows(tape, scaled, origins)));
    Var y = dense.forward(recurrent.lastOutputs(recurrent.forward(x)).dropout(config.dropout()));
    if (config.autoregressive()) {
      Var[] parts = new Var[outputs.length];
      for (int o = 0; o < parts.length; o++) {
        parts[o] = linear.forward(tape.constant(window(tape, scaled, outputs[o], origins)));
      }
      y = y.add(Var.concat(parts));
    }
    Optional<SeasonalNaive> base = base();
    return base.isPresent() ? y.add(tape.constant(naive(tape, base.get(), scaled, origins))) : y;
  }

  /** The forecast whose error is learned. */
  private Optional<SeasonalNaive> base() {
    if (config.residual() > 0) {
      return Optional.of(new SeasonalNaive(config.residual()));
    }
    return config.relative() ? Optional.of(new SeasonalNaive(1)) : Optional.empty();
  }

  /** The inputs of step t of all windows, then those of step t + 1, (W·B, I). */
  private Matrix windows(Tape tape, Matrix scaled, int... origins) {
    int batch = origins.length;
    Matrix steps = tape.allocate(config.window() * batch, columns.inputs().size());
    for (int t = 0; t < config.window(); t++) {
      for (int b = 0; b < batch; b++) {
        for (int c = 0; c < steps.cols; c++) {
          steps.set(t * batch + b, c, read(scaled, origins[b], t, c));
        }
      }
    }
    return steps;
  }

  /** One column of all windows, (B, W). */
  private Matrix window(Tape tape, Matrix scaled, int column, int... origins) {
    Matrix x = tape.allocate(origins.length, config.window());
    for (int b = 0; b < x.rows; b++) {
      for (int t = 0; t < x.cols; t++) {
        x.set(b, t, read(scaled, origins[b], t, column));
      }
    }
    return x;
  }

  /** What the network sees of row {@code t} of a window. */
  private float read(Matrix scaled, int origin, int t, int column) {
    float value = scaled.get(origin - config.window() + t, column);
    return config.relative() ? value - scaled.get(origin - 1, column) : value;
  }

  /** The naive forecasts in the shape of {@link #forward}'s. */
  private Matrix naive(Tape tape, SeasonalNaive naive, Matrix values, int... origins) {
    Matrix y = tape.allocate(origins.length, outputs.length * config.horizon());
    for (int b = 0; b < origins.length; b++) {
      for (int k = 0; k < y.cols; k++) {
        int step = k % config.horizon();
        y.set(b, k, naive.forecast(values, origins[b], step, outputs[k / config.horizon()]));
      }
    }
    return y;
  }

  /** What {@link #forward} should have said, in its shape. */
  public Matrix targets(Tape tape, Matrix scaled, int... origins) {
    Matrix y = tape.allocate(origins.length, outputs.length * config.horizon());
    for (int b = 0; b < origins.length; b++) {
      for (int k = 0; k < y.cols; k++) {
        int row = origins[b] + k % config.horizon();
        y.set(b, k, scaled.get(row, outputs[k / config.horizon()]));
      }
    }
    return y;
  }
}
