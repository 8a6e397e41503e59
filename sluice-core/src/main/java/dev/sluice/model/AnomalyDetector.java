package dev.sluice.model;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.ArrayList;
import java.util.List;

/**
 * How unusual each row of a stream is: how much worse it was forecast than rows usually are. After the anomaly
 * likelihood of Ahmad, Lavin, Purdy and Agha (2017), <i>Unsupervised real-time anomaly detection for
 * streaming data</i>: forecast errors, averaged over a few rows, are compared with their own distribution,
 * which was learned from rows that were not trained on and follows the stream.
 *
 * <p>Immutable; an {@link AnomalyStream} holds what a stream needs.
 */
public final class AnomalyDetector {
  /**
   * How errors become scores.
   *
   * @param smoothing rows over which errors are averaged; more find long and weak anomalies, later
   * @param memory rows after which the distribution of errors has followed a change by 63 %; 0: never
   */
  public record Config(int smoothing, int memory) {
    /** Fails when a number is out of range. */
    public Config {
      if (smoothing < 1 || memory < 0) {
        throw new IllegalArgumentException(
            "smoothing must be at least 1 and memory at least 0, got %d, %d"
                .formatted(smoothing, memory));
      }
    }
  }

  /**
   * The distribution of averaged errors, on the scale of the model.
   *
   * @param mean of them
   * @param deviation of them, above 0
   */
  public record Errors(double mean, double deviation) {
    /** What a deviation is at the least: a forecast that was never wrong may be wrong by that. */
    private static final double LEAST = 1e-3;

    /** Fails when they are no such numbers. */
    public Errors {
      if (!(mean >= 0 && Double.isFinite(mean) && deviation > 0 && Double.isFinite(deviation))) {
        throw new IllegalArgumentException(
            "errors cannot have a mean of %s and a deviation of %s".formatted(mean, deviation));
      }
    }

    static Errors of(List<Double> errors) {
      double mean = errors.stream().mapToDouble(e -> e).sum() / errors.size();
      double squares = errors.stream().mapToDouble(e -> (e - mean) * (e - mean)).sum();
      return new Errors(mean, Math.max(LEAST, Math.sqrt(squares / errors.size())));
    }

    /** Takes one more error into account, as one of {@code memory}. */
    Errors follow(double error, int memory) {
      double difference = error - mean;
      double step = 1.0 / memory;
      double variance = (1 - step) * (deviation * deviation + step * difference * difference);
      return new Errors(mean + step * difference, Math.max(LEAST, Math.sqrt(variance)));
    }
  }

  private final Forecaster forecaster;
  private final Config config;
  private final Errors errors;

  /**
   * A detector that knows its errors.
   *
   * @throws IllegalArgumentException when the forecaster has another horizon than 1
   */
  public AnomalyDetector(Forecaster forecaster, Config config, Errors errors) {
    if (forecaster.config().horizon() != 1) {
      throw new IllegalArgumentException(
          "anomalies are found one row ahead, but the horizon is " + forecaster.config().horizon());
    }
    this.forecaster = forecaster;
    this.config = config;
    this.errors = errors;
  }

  /**
   * The detector whose errors are those on rows {@code from} to {@code to} - 1 of a scaled series.
   *
   * @throws IllegalArgumentException when these are too few for a window and two averages
   */
  public static AnomalyDetector learn(
      Backend backend, Forecaster forecaster, Config config, Matrix scaled, int from, int to) {
    int first = Math.max(from, forecaster.config().window());
    if (to - first < config.smoothing() + 1) {
      throw new IllegalArgumentException(
          "%d rows to learn errors from are too few to average %d of them"
              .formatted(to - first, config.smoothing()));
    }
    Tape tape = Tape.inference(backend, forecaster.parameters());
    MovingMean mean = new MovingMean(config.smoothing());
    List<Double> averages = new ArrayList<>();
    for (int row = first; row < to; row++) {
      mean.add(error(tape, forecaster, scaled, row));
      if (mean.isFull()) {
        averages.add(mean.value());
      }
    }
    return new AnomalyDetector(forecaster, config, Errors.of(averages));
  }

  public Forecaster forecaster() {
    return forecaster;
  }

  public Config config() {
    return config;
  }

  /** As they were learned. */
  public Errors errors() {
    return errors;
  }

  /** A stream that nothing is known of yet; its rows are answered on {@code backend}. */
  public AnomalyStream stream(Backend backend) {
    return new AnomalyStream(this, Tape.inference(backend, forecaster.parameters()));
  }

  /** The root of the mean squared error of the forecast of row {@code row}, over its columns. */
  static double error(Tape tape, Forecaster forecaster, Matrix scaled, int row) {
    tape.reset(RandomKey.of(0));
    Matrix y = forecaster.forward(tape, scaled, row).value();
    double squares = 0;
    for (int o = 0; o < y.cols; o++) {
      double difference = y.get(0, o) - (double) scaled.get(row, forecaster.column(o));
      squares += difference * difference;
    }
    return Math.sqrt(squares / y.cols);
  }
}
