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
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The last steps of a time series in, the next ones out, all at once:
 *
 * <pre>
 *   scaled window → recurrent layers → last output → dense → horizon x outputs, scaled
 * </pre>
 *
 * <p>with dropout between layers and before the dense layer. A model may learn what is left of a {@link
 * SeasonalNaive} forecast instead of the values, and read windows relative to their last row: then a level
 * that was never seen in training means nothing to it.
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
   * @param relative whether the last row of a window is taken from each of its rows (NLinear, Zeng et al.
   *     2023)
   */
  public record Config(
      CellKind cell,
      int hidden,
      int layers,
      float dropout,
      int window,
      int horizon,
      int residual,
      boolean relative) {
    /** Fails when a number is out of range. */
    public Config {
      if (hidden < 1 || layers < 1 || window < 1 || horizon < 1) {
        throw new IllegalArgumentException(
            "hidden, layers, window and horizon must be at least 1, got %d, %d, %d, %d"
                .formatted(hidden, layers, window, horizon));
      }
      if (!(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
      }
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
        Recurrent.of(
            config.cell().name().toLowerCase(Locale.ROOT),
            columns.inputs().size(),
            config.layers(),
            false,
            config.layers() > 1 ? config.dropout() : 0,
            size -> config.cell().of(size, config.hidden()));
    dense =
        new Dense(
            "dense",
            recurrent.outputSize(),
            Math.multiplyExact(config.horizon(), outputs.length));
    parameters = Layer.parametersOf(recurrent, dense);
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
   * Scaled forecasts of rows {@code origin} to {@code origin + H - 1} from the W rows before, (B, H·O): the
   * outputs of the first step, then those of the second.
   *
   * @param scaled (T, C), all columns
   * @param origins of the B forecasts, each W at the least and T at the most
   */
  public Var forward(Tape tape, Matrix scaled, int... origins) {
    Packing packing = Packing.uniform(origins.length, config.window());
    Matrix steps = windows(tape, scaled, origins);
    Recurrent.Result result =
        recurrent.forward(new PackedSequence(packing, tape.constant(steps)));
    Var y = dense.forward(recurrent.lastOutputs(result).dropout(config.dropout()));
    return config.residual() == 0
        ? y
        : y.add(tape.constant(naive(tape, new SeasonalNaive(config.residual()), scaled, origins)));
  }

  /** The inputs of step t of all windows, then those of step t + 1, (W·B, I). */
  private Matrix windows(Tape tape, Matrix scaled, int... origins) {
    int inputs = columns.inputs().size();
    Matrix steps = tape.allocate(config.window() * origins.length, inputs);
    for (int t = 0; t < config.window(); t++) {
      for (int b = 0; b < origins.length; b++) {
        int from = scaled.at(origins[b] - config.window() + t);
        int last = scaled.at(origins[b] - 1);
        int to = steps.at(t * origins.length + b);
        for (int c = 0; c < inputs; c++) {
          float level = config.relative() ? scaled.data[last + c] : 0;
          steps.data[to + c] = scaled.data[from + c] - level;
        }
      }
    }
    return steps;
  }

  /** The naive forecasts in the shape of {@link #forward}'s. */
  private Matrix naive(Tape tape, SeasonalNaive naive, Matrix values, int... origins) {
    Matrix y = tape.allocate(origins.length, config.horizon() * outputs.length);
    for (int b = 0; b < origins.length; b++) {
      for (int k = 0; k < y.cols; k++) {
        int step = k / outputs.length;
        int column = outputs[k % outputs.length];
        y.set(b, k, naive.forecast(values, origins[b], step, column));
      }
    }
    return y;
  }
}
