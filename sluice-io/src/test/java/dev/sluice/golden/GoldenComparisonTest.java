package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A comparison finds what is wrong, and says where. */
class GoldenComparisonTest {
  private static final GoldenTensor EXPECTED =
      new GoldenTensor(List.of(2, 1, 2), new double[] {1, -4, 0.5, 2});

  @Test
  void acceptsRoundingRelativeToTheLargestElement() {
    assertThat(compare(1.00003, -4, 0.50003, 2)).isEmpty();
    assertThat(compare(1.00005, -4, 0.5, 2)).isNotEmpty();
  }

  @Test
  void namesTensorIndexExpectedAndGot() {
    assertThat(compare(1, -4, 0.5001, 2.5))
        .containsExactly(
            "output[1, 0, 1]: expected 2.0, got 2.5;"
                + " 2 of 4 elements are off by more than 4.0e-05");
  }

  @Test
  void acceptsNothingThatIsNotANumber() {
    assertThat(compare(1, -4, Double.NaN, 2)).singleElement().asString().contains("got NaN");
  }

  @Test
  void wantsEveryTensorInItsShape() {
    Map<String, GoldenTensor> expected = Map.of("output", EXPECTED);
    assertThat(GoldenComparison.mismatches(Map.of(), expected))
        .containsExactly("output: expected [2, 1, 2], got only []");
    assertThat(
            GoldenComparison.mismatches(
                Map.of("output", EXPECTED.reshape(List.of(2, 2))), expected))
        .containsExactly("output: expected shape [2, 1, 2], got [2, 2]");
  }

  private static List<String> compare(double... values) {
    return GoldenComparison.mismatches(
        Map.of("output", new GoldenTensor(EXPECTED.shape(), values)), Map.of("output", EXPECTED));
  }
}
