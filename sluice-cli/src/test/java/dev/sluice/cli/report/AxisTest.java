package dev.sluice.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AxisTest {
  private static DoubleSummaryStatistics values(double... values) {
    return Arrays.stream(values).summaryStatistics();
  }

  private static String labels(Axis axis) {
    return String.join(" ", axis.ticks().stream().map(axis::label).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "0.25, 1.01, 0.2 0.4 0.6 0.8 1 1.2",
    "94.3, 98.8, 94 95 96 97 98 99",
    "0, 0.002, 0 0.0005 0.001 0.0015 0.002",
    "0, 2e-5, 0 5e-6 1e-5 1.5e-5 2e-5",
    "-3, 4, -4 -2 0 2 4",
    "1.38612, 1.38655, 1.3861 1.3862 1.3863 1.3864 1.3865 1.3866",
    "0, 23000, 0 5000 10k 15k 20k 25k",
    "0, 3e6, 0 1M 2M 3M",
  })
  void ticksAreRoundNumbersAroundAllValues(double min, double max, String labels) {
    assertThat(labels(Axis.rounded(values(min, max)))).isEqualTo(labels);
  }

  @Test
  void valuesThatDifferWidelyAreOnALogarithmicAxis() {
    Axis axis = Axis.wide(values(0.002, 9));
    assertThat(labels(axis)).isEqualTo("0.001 0.01 0.1 1 10");
    assertThat(axis.place(0.1)).isCloseTo(0.5, within(1e-12));
    assertThat(labels(Axis.wide(values(1e-9, 3e4)))).isEqualTo("1e-9 1e-6 0.001 1 1000");
    assertThat(labels(Axis.wide(values(0.5, 9)))).isEqualTo("0 2 4 6 8 10");
    assertThat(labels(Axis.wide(values(0, 9)))).isEqualTo("0 2 4 6 8 10");
  }

  @Test
  void oneValueAndNoneHaveAnAxisToo() {
    assertThat(Axis.rounded(values(5)).place(5)).isBetween(0.0, 1.0);
    assertThat(Axis.rounded(values(0)).ticks()).hasSizeGreaterThan(1);
    assertThat(Axis.wide(values()).ticks()).hasSizeGreaterThan(1);
    assertThat(Axis.exact(7, 7).place(7)).isZero();
  }

  @Test
  void noTwoTicksReadTheSame() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      double a = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
      double b = a + random.nextDouble() * Math.pow(10, random.nextInt(10) - 5);
      Axis axis = i % 2 == 0 ? Axis.rounded(values(a, b)) : Axis.wide(values(Math.abs(a), b));
      assertThat(axis.ticks().stream().map(axis::label)).doesNotHaveDuplicates();
      assertThat(axis.ticks()).hasSizeBetween(2, 8);
      assertThat(axis.place(b)).isBetween(-1e-9, 1 + 1e-9);
    }
  }
}
