package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TimesTest {
  @Test
  void quantilesAreTimesThatWereMeasured() {
    Times times = Times.of(30, 10, 20, 40, 50);
    assertThat(times.runs()).isEqualTo(5);
    assertThat(times.quantile(0)).isEqualTo(10);
    assertThat(times.quantile(0.5)).isEqualTo(30);
    assertThat(times.quantile(0.8)).isEqualTo(40);
    assertThat(times.quantile(0.99)).isEqualTo(50);
  }

  @Test
  void metricsAreTimesOrRates() {
    Times times = Times.of(2_000_000, 1_000_000, 4_000_000); // nanoseconds
    assertThat(Metric.time("ms/batch", 0.5, 1e6).of(times)).isEqualTo(2);
    assertThat(Metric.time("ns/step p99", 0.99, 1).of(times)).isEqualTo(4_000_000);
    assertThat(Metric.rate("words/s", 400).of(times)).isEqualTo(200_000);
  }

  @Test
  void everyRunIsTimed() {
    int[] runs = {0};
    Task task =
        new Task() {
          @Override
          public void run() {
            runs[0]++;
          }

          @Override
          public float[] result() {
            return new float[0];
          }

          @Override
          public void close() {}
        };
    assertThat(task.measure(0).runs()).isEqualTo(1);
    runs[0] = 0;
    Times times = task.measure(0.01);
    assertThat(times.runs()).isEqualTo(runs[0]).isGreaterThan(1);
  }
}
