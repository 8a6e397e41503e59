package dev.sluice.examples.nab;

import dev.sluice.cell.CellKind;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TimeSplit;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.AnomalyDetector;
import dev.sluice.model.AnomalyStream;
import dev.sluice.model.Forecaster;
import dev.sluice.tape.Backend;
import dev.sluice.train.Checkpoints;
import dev.sluice.train.Forecasting;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Schedule;
import dev.sluice.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the detector over the Numenta Anomaly Benchmark. For each series an LSTM learns from the first 80 % of
 * its probation and the distribution of errors from the rest; then the series streams, and nothing is known
 * of it beforehand. The settings are the same for all series.
 */
public final class Nab {
  private static final int WINDOW = 24;
  private static final int HIDDEN = 16;
  private static final int EPOCHS = 15;
  private static final int BATCH = 32;
  private static final float RATE = 0.005f;
  private static final AnomalyDetector.Config SCORES = new AnomalyDetector.Config(1, 1000);

  private Nab() {}

  /** Prints the three scores of the benchmark in the folder that is given. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("give the folder that holds data/ and labels/");
    }
    NabScore score = new NabScore();
    try (Backend backend = Backend.create(1)) {
      for (NabSeries series : NabSeries.readAll(Path.of(arguments[0]))) {
        double[] scores = scores(backend, series);
        score.add(series.windows(), series.probation(), scores);
      }
    }
    for (NabScore.Profile profile : NabScore.Profile.values()) {
      System.out.printf("%-20s %6.2f%n", profile, score.best(profile));
    }
  }

  private static double[] scores(Backend backend, NabSeries series) {
    AnomalyStream stream = detector(backend, series).stream(backend);
    double[] scores = new double[series.values().rows];
    for (int t = 0; t < scores.length; t++) {
      scores[t] = stream.next(series.values().get(t, 0));
    }
    return scores;
  }

  private static AnomalyDetector detector(Backend backend, NabSeries series) {
    int probation = series.probation();
    TimeSplit parts = new TimeSplit((int) (0.8 * probation), probation, probation);
    Matrix seen = series.values().rowRange(0, probation);
    StandardScaler scaler = StandardScaler.learn(List.of(seen.rowRange(0, parts.validation())));
    List<String> columns = List.of("value");
    Forecaster forecaster =
        new Forecaster(
            new Forecaster.Config(CellKind.LSTM, HIDDEN, 1, 0, WINDOW, 1, 0, true, false),
            new Forecaster.Columns(columns, columns),
            scaler);
    forecaster.parameters().initialize(RandomKey.of(1).fold("parameters"));
    Matrix scaled = scaler.scale(seen);
    new Trainer(
            backend,
            new Forecasting(forecaster, scaled, parts, BATCH, 1),
            Optimizer.named("adam"),
            new Trainer.Settings(
                EPOCHS, 0, RATE, Schedule.named("cosine"), 1, Float.POSITIVE_INFINITY, 1, 1),
            new Trainer.Listener() {},
            Checkpoints.NONE)
        .run(() -> false);
    return AnomalyDetector.learn(
        backend, forecaster, SCORES, scaled, parts.validation(), parts.test());
  }
}
