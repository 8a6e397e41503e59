package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.train.ConfusionMatrix.Confusion;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final double ROUNDING = 1e-15;

  /** Class 3 is only ever predicted, class 4 only ever true, class 5 neither. */
  private static ConfusionMatrix example() {
    int[] truths = {0, 0, 0, 1, 1, 2, 2, 2, 2, 4};
    int[] predicted = {0, 0, 1, 1, 0, 2, 2, 0, 3, 2};
    ConfusionMatrix matrix = new ConfusionMatrix(6);
    for (int i = 0; i < truths.length; i++) {
      matrix.add(truths[i], predicted[i]);
    }
    return matrix;
  }

  @Test
  void countsByTruthAndPrediction() {
    assertThat(example().total()).isEqualTo(10);
    assertThat(example().count(0, 0)).isEqualTo(2);
    assertThat(example().count(0, 1)).isEqualTo(1);
    assertThat(example().count(3, 2)).isEqualTo(0);
  }

  @Test
  void figuresAreThoseOfScikitLearn() {
    ConfusionMatrix matrix = example();
    assertThat(matrix.accuracy()).isEqualTo(0.5);
    assertThat(matrix.precision(0)).isEqualTo(2.0 / 4);
    assertThat(matrix.recall(0)).isEqualTo(2.0 / 3);
    assertThat(matrix.f1(0)).isEqualTo(4.0 / 7);
    assertThat(matrix.precision(2)).isEqualTo(2.0 / 3);
    assertThat(matrix.recall(2)).isEqualTo(2.0 / 4);
    assertThat(matrix.recall(3)).isEqualTo(0);
    assertThat(matrix.precision(4)).isEqualTo(0);
    // f1_score(truths, predicted, average="macro", zero_division=0)
    assertThat(matrix.macroF1()).isCloseTo((4.0 / 7 + 0.5 + 4.0 / 7 + 0 + 0) / 5, within(ROUNDING));
  }

  @Test
  void mostConfusedComeByFallingCountThenByClass() {
    ConfusionMatrix matrix = example();
    matrix.add(2, 0);
    assertThat(matrix.mostConfused(3))
        .containsExactly(new Confusion(2, 0, 2), new Confusion(0, 1, 1), new Confusion(1, 0, 1));
    assertThat(matrix.mostConfused(100)).hasSize(5);
  }

  @Test
  void withoutExamplesEverythingIsZero() {
    ConfusionMatrix empty = new ConfusionMatrix(2);
    assertThat(empty.accuracy()).isEqualTo(0);
    assertThat(empty.macroF1()).isEqualTo(0);
    assertThat(empty.mostConfused(1)).isEmpty();
  }
}
