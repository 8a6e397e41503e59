package dev.sluice.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackingTest {
  @Test
  void liveSequencesArePrefixes() {
    Packing packing = Packing.of(3, 1, 2);
    assertThat(packing.batch()).isEqualTo(3);
    assertThat(packing.steps()).isEqualTo(3);
    assertThat(packing.rows()).isEqualTo(6);
    assertThat(each(3, packing::offset)).containsExactly(0, 3, 5);
    assertThat(each(3, packing::live)).containsExactly(3, 2, 1);
    assertThat(each(3, packing::length)).containsExactly(3, 2, 1);
    assertThat(each(3, packing::given)).containsExactly(0, 2, 1);
  }

  @Test
  void equalLengthsKeepTheirOrder() {
    assertThat(each(5, Packing.of(2, 5, 2, 5, 2)::given)).containsExactly(1, 3, 0, 2, 4);
  }

  @Test
  void everyStepOfEverySequenceHasARow() {
    RandomKey key = RandomKey.of(1);
    for (int trial = 0; trial < 200; trial++) {
      RandomKey trialKey = key.fold(trial);
      int[] lengths =
          IntStream.range(0, 1 + trial % 17).map(b -> 1 + trialKey.below(9, b)).toArray();
      Packing packing = Packing.of(lengths);
      assertThat(packing.rows()).isEqualTo(IntStream.of(lengths).sum());
      boolean inPackedOrder = true;
      for (int b = 0; b < packing.batch(); b++) {
        assertThat(packing.length(b)).isEqualTo(lengths[packing.given(b)]);
        assertThat(packing.order()[b]).isEqualTo(packing.given(b));
        assertThat(packing.positions()[packing.given(b)]).isEqualTo(b);
        inPackedOrder &= packing.given(b) == b;
        for (int t = 0; t < packing.steps(); t++) {
          assertThat(b < packing.live(t)).isEqualTo(t < packing.length(b));
        }
      }
      assertThat(packing.isInPackedOrder()).isEqualTo(inPackedOrder);
    }
  }

  @Test
  void packingsOfTheSameLengthsInTheSameOrderAreEqual() {
    assertThat(Packing.of(3, 1, 2))
        .isEqualTo(Packing.of(3, 1, 2))
        .hasSameHashCodeAs(Packing.of(3, 1, 2))
        .isNotEqualTo(Packing.of(3, 2, 1))
        .isNotEqualTo(Packing.of(3, 1, 1))
        .hasToString("Packing[3, 1, 2]");
  }

  @Test
  void uniformSequencesAreAllAlive() {
    Packing packing = Packing.uniform(3, 4);
    assertThat(each(4, packing::live)).containsExactly(3, 3, 3, 3);
    assertThat(each(4, packing::offset)).containsExactly(0, 3, 6, 9);
  }

  @Test
  void batchWithoutSequencesOrStepsIsAnError() {
    assertThatThrownBy(Packing::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a batch needs at least one sequence");
    assertThatThrownBy(() -> Packing.of(2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sequence 1 has length 0: every sequence needs at least one step");
  }

  private static int[] each(int n, IntUnaryOperator f) {
    return IntStream.range(0, n).map(f).toArray();
  }
}
