package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.matrix.RandomKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {
  private static final RandomKey KEY = RandomKey.of(3);
  private static final int DRAWS = 20_000;
  private static final float[] SCORES = logs(0.1, 0.4, 0.05, 0.25, 0.2);

  private static float[] logs(double... probabilities) {
    float[] logs = new float[probabilities.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log(probabilities[i]) + 5; // softmax does not see a constant
    }
    return logs;
  }

  private static double[] frequencies(Sampling sampling) {
    double[] frequencies = new double[SCORES.length];
    for (int i = 0; i < DRAWS; i++) {
      frequencies[sampling.choose(SCORES, i)] += 1.0 / DRAWS;
    }
    return frequencies;
  }

  /** Four standard deviations of a frequency of 20,000 draws are 0.014 at the most. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0.1, 0.4, 0.05, 0.25, 0.2",
    "1, 9, 0.1, 0.4, 0.05, 0.25, 0.2",
    "0.5, 0, 0.0370, 0.5926, 0.0093, 0.2315, 0.1481",
    "1, 2, 0, 0.6154, 0, 0.3846, 0",
    "3, 1, 0, 1, 0, 0, 0",
  })
  void followsTheDistribution(
      double temperature, int topK, double a, double b, double c, double d, double e) {
    assertThat(frequencies(new Sampling(temperature, topK, KEY)))
        .containsExactly(new double[] {a, b, c, d, e}, within(0.014));
  }

  @Test
  void choicesDependOnKeyAndIndexAlone() {
    Sampling sampling = new Sampling(1, 0, KEY);
    Sampling other = new Sampling(1, 0, RandomKey.of(4));
    StringBuilder forward = new StringBuilder();
    StringBuilder backward = new StringBuilder();
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      forward.append(sampling.choose(SCORES, i));
      backward.insert(0, sampling.choose(SCORES, 39 - i));
      others.append(other.choose(SCORES, i));
    }
    assertThat(forward).hasToString(backward.toString());
    assertThat(others.toString()).isNotEqualTo(forward.toString());
    assertThat(forward.toString()).isEqualTo("3333334413113103404134341141314133111331");
  }

  @Test
  void ofEqualScoresTheFirstIsTheHigher() {
    float[] equal = {1, 2, 2, 2};
    assertThat(new Sampling(1, 1, KEY).choose(equal, 0)).isEqualTo(1);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new Sampling(0, 0, KEY))
        .hasMessage("temperature must be above 0, got 0.0");
    assertThatThrownBy(() -> new Sampling(1, -1, KEY))
        .hasMessage("top-k must be 0 (all) or more, got -1");
  }
}
