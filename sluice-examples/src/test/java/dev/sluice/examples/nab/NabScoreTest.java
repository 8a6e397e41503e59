package dev.sluice.examples.nab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.examples.nab.NabScore.Profile;
import dev.sluice.examples.nab.NabSeries.Window;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scoring on cases computed by hand: one series of 100 rows, its window rows 40 to 49. */
final class NabScoreTest {
  private static final List<Window> WINDOWS = List.of(new Window(40, 49));

  /** 2 / (1 + e^(5x)) - 1. */
  private static double sigmoid(double x) {
    return 2 / (1 + Math.exp(5 * x)) - 1;
  }

  private static double best(Profile profile, double background, int... alarms) {
    double[] scores = new double[100];
    Arrays.fill(scores, background);
    for (int i = 0; i < alarms.length; i++) {
      scores[alarms[i]] = 0.9 - 0.1 * i;
    }
    NabScore score = new NabScore();
    score.add(WINDOWS, 15, scores);
    return score.best(profile);
  }

  @Test
  void anAlarmAtOnceIsPerfectAndNoneIsNothing() {
    for (Profile profile : Profile.values()) {
      assertThat(best(profile, 0, 40)).isCloseTo(100, within(1e-9));
    }
    // Scores that are all the same: an alarm everywhere finds the window and costs 25 rows before
    // it,
    // and those behind, more than it is worth.
    assertThat(best(Profile.STANDARD, 0.5)).isZero();
  }

  @Test
  void aLaterAlarmIsWorthLess() {
    double worth =
        sigmoid(-0.5) / sigmoid(-1); // row 45 is 5 of 10 rows before the end of the window
    assertThat(best(Profile.STANDARD, 0, 45)).isCloseTo(100 * (worth + 1) / 2, within(1e-9));
    assertThat(best(Profile.LOW_FALSE_NEGATIVES, 0, 45))
        .isCloseTo(100 * (worth + 2) / 3, within(1e-9));
    // a later alarm in the same window adds nothing, and takes nothing
    assertThat(best(Profile.STANDARD, 0, 45, 47)).isCloseTo(100 * (worth + 1) / 2, within(1e-9));
  }

  @Test
  void falseAlarmsCostMoreTheFartherBehind() {
    // the false alarm is the higher score, so that there is no threshold without it
    double near = -sigmoid(2.0 / 9); // row 51
    assertThat(best(Profile.STANDARD, 0, 51, 40))
        .isCloseTo(100 * (2 - 0.11 * near) / 2, within(1e-9));
    assertThat(best(Profile.LOW_FALSE_POSITIVES, 0, 51, 40))
        .isCloseTo(100 * (2 - 0.22 * near) / 2, within(1e-9));
    assertThat(best(Profile.STANDARD, 0, 90, 40)).isCloseTo(100 * (2 - 0.11) / 2, within(1e-9));
    assertThat(best(Profile.STANDARD, 0, 20, 40)).isCloseTo(100 * (2 - 0.11) / 2, within(1e-9));
    // in probation they cost nothing
    assertThat(best(Profile.STANDARD, 0, 10, 40)).isCloseTo(100, within(1e-9));
  }

  @Test
  void oneThresholdIsForAllSeries() {
    NabScore score = new NabScore();
    double[] first = new double[100];
    first[40] = 0.5;
    double[] second = new double[100];
    second[30] = 0.6;
    second[40] = 0.4;
    score.add(WINDOWS, 15, first);
    score.add(WINDOWS, 15, second);
    // at 0.4 both windows are found and there is one false alarm
    assertThat(score.best(Profile.STANDARD)).isCloseTo(100 * (4 - 0.11) / 4, within(1e-9));
  }
}
