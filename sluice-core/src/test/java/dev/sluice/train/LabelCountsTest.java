package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LabelCountsTest {
  /** sklearn.metrics.f1_score(truth, given, average=...), zero_division=0. */
  @Test
  void figuresByHand() {
    LabelCounts counts = new LabelCounts(4);
    counts.add(set(0, 1), set(0));
    counts.add(set(0), set(0, 2));
    counts.add(set(), set());
    assertThat(counts.examples()).isEqualTo(3);
    assertThat(counts.exactMatch()).isCloseTo(1 / 3.0, within(1e-15));
    assertThat(counts.support(0)).isEqualTo(2);
    assertThat(counts.precision(1)).isZero();
    assertThat(counts.recall(2)).isZero();
    assertThat(counts.f1(0)).isEqualTo(1);
    assertThat(counts.microF1()).isCloseTo(2 * 2 / (3.0 + 3), within(1e-15));
    assertThat(counts.macroF1()).isCloseTo(1 / 3.0, within(1e-15)); // label 3 occurs nowhere
  }

  private static boolean[] set(int... labels) {
    boolean[] set = new boolean[4];
    for (int label : labels) {
      set[label] = true;
    }
    return set;
  }
}
