package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.CellKind;
import dev.sluice.data.StandardScaler;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Scores of streams. The forecaster has weights of zero and reads relative windows: it says that a row is as
 * the row before, so that errors are known.
 */
final class AnomalyDetectorTest {
  private static final StandardScaler SCALER = StandardScaler.of(new float[] {10}, new float[] {2});

  private static Forecaster lastValue(int horizon) {
    return new Forecaster(
        new Forecaster.Config(CellKind.LSTM, 2, 1, 0, 3, horizon, 0, true, false),
        new Forecaster.Columns(List.of("a"), List.of("a")),
        SCALER);
  }

  @Test
  void errorsAreLearnedFromTheRowsGiven() {
    Matrix scaled = Matrix.of(8, 1, 0, 9, 0, 0, 1, 3, 3, 9);
    try (Backend backend = Backend.create(1)) {
      AnomalyDetector.Errors each = learn(backend, 1, scaled).errors(); // of 0, 1, 2, 0
      assertThat(each.mean()).isEqualTo(0.75);
      assertThat(each.deviation()).isCloseTo(Math.sqrt(0.6875), within(1e-12));
      AnomalyDetector.Errors pairs = learn(backend, 2, scaled).errors(); // of 0.5, 1.5, 1
      assertThat(pairs.mean()).isEqualTo(1);
      assertThat(pairs.deviation()).isCloseTo(Math.sqrt(0.5 / 3), within(1e-12));
    }
  }

  private static AnomalyDetector learn(Backend backend, int smoothing, Matrix scaled) {
    return AnomalyDetector.learn(
        backend, lastValue(1), new AnomalyDetector.Config(smoothing, 0), scaled, 2, 7);
  }

  @Test
  void theScoreIsThatOfTheErrorAndTheRowsBeforeAWindowHaveNone() {
    try (Backend backend = Backend.create(1)) {
      AnomalyStream stream =
          new AnomalyDetector(
                  lastValue(1),
                  new AnomalyDetector.Config(1, 0),
                  new AnomalyDetector.Errors(1, 0.5))
              .stream(backend);
      for (int t = 0; t < 3; t++) {
        assertThat(stream.next(10 + 20 * t)).isZero();
      }
      for (int t = 0; t < 20; t++) { // no change, z = -2: P = 0.97725
        assertThat(stream.next(50)).isCloseTo(score(0.977249868), within(1e-7));
      }
      // a change by one deviation of the scaler, z = 0: P = 0.5; by two, z = 2: P = 0.02275
      assertThat(stream.next(52)).isCloseTo(score(0.5), within(1e-7));
      assertThat(stream.next(48)).isCloseTo(score(0.022750132), within(1e-7));
      double far = stream.next(100);
      assertThat(far).isBetween(0.98, 1.0);
      assertThat(stream.next(-1000)).isBetween(far, 1.0).isNotEqualTo(far);
    }
  }

  private static double score(double probability) {
    double u = -Math.log10(probability);
    return u / (u + 3);
  }

  @Test
  void theDistributionFollowsTheStream() {
    try (Backend backend = Backend.create(1)) {
      AnomalyStream stream =
          new AnomalyDetector(
                  lastValue(1),
                  new AnomalyDetector.Config(1, 20),
                  new AnomalyDetector.Errors(0.1, 0.1))
              .stream(backend);
      double first = 0;
      double last = 0;
      for (int t = 0; t < 400; t++) {
        last = stream.next(t % 2 == 0 ? 10 : 14);
        first = t == 3 ? last : first;
      }
      assertThat(first).isGreaterThan(0.9);
      assertThat(last).isLessThan(0.2);
    }
  }

  @Test
  void theTailIsThatOfTheNormalDistribution() {
    // scipy.stats.norm.logsf(z) / log(10)
    assertThat(NormalTail.log10(-8)).isCloseTo(0, within(1e-12));
    assertThat(NormalTail.log10(0)).isCloseTo(-0.3010299957, within(1e-9));
    assertThat(NormalTail.log10(1.959963985)).isCloseTo(Math.log10(0.025), within(1e-8));
    assertThat(NormalTail.log10(2.000001)).isCloseTo(NormalTail.log10(1.999999), within(1e-5));
    assertThat(NormalTail.log10(6.361340902)).isCloseTo(-10, within(1e-7));
    assertThat(NormalTail.log10(1e6)).isLessThan(-1e11);
  }

  @Test
  void whatCannotDetectIsRefused() {
    AnomalyDetector.Config config = new AnomalyDetector.Config(1, 0);
    assertThatThrownBy(
            () -> new AnomalyDetector(lastValue(2), config, new AnomalyDetector.Errors(1, 1)))
        .hasMessage("anomalies are found one row ahead, but the horizon is 2");
    assertThatThrownBy(() -> new AnomalyDetector.Config(0, 0))
        .hasMessage("smoothing must be at least 1 and memory at least 0, got 0, 0");
    assertThatThrownBy(() -> new AnomalyDetector.Errors(1, 0))
        .hasMessage("errors cannot have a mean of 1.0 and a deviation of 0.0");
  }
}
