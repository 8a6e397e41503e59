package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AgreementTest {
  private static final double TOLERANCE = 1e-3;
  private static final List<float[]> SLUICE = List.of(new float[] {1, -4}, new float[] {2});

  @Test
  void holdsWithinTheToleranceOfTheLargestNumber() {
    assertThat(agreement(new float[] {1, -4}, new float[] {2.001f}).holds()).isTrue();
    assertThat(agreement(new float[] {1.01f, -4}, new float[] {2}).holds()).isFalse();
    assertThat(agreement(new float[] {1, -4}, new float[] {3}).error()).isEqualTo(0.25);
  }

  @Test
  void fewerResultsOrNoNumbersAreNoAgreement() {
    assertThat(agreement(new float[] {1}, new float[] {2}).holds()).isFalse();
    assertThat(agreement(new float[] {1, -4}, new float[] {Float.NaN}).holds()).isFalse();
  }

  private static Agreement agreement(float[] first, float[] second) {
    return Agreement.between(SLUICE, List.of(first, second), TOLERANCE);
  }
}
