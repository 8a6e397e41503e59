package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cli.bench.Workload;
import org.junit.jupiter.api.Test;

/** What a workload cannot do without, counted by hand. */
final class LimitTest {
  @Test
  void aStreamReadsAllWeights() {
    reads("I1", (64 + 128) * 512);
    reads("S1", 2 * (128 + 128) * 512 + 128 * 32);
    assertThat(multiplyAdds("S1")).isZero();
  }

  @Test
  void oneSequenceReadsTheRecurrentWeightsAtEachStep() {
    reads("I3", 100 * 4 * 256 * 1024);
    assertThat(multiplyAdds("I3")).isEqualTo(100L * 2 * (128 + 512) * 1024);
  }

  @Test
  void aBatchMultiplies() {
    reads("I4", 0);
    assertThat(multiplyAdds("I4")).isEqualTo(32L * 128 * (300 + 3 * 512) * 2048);
  }

  @Test
  void trainingMultipliesThreeTimes() {
    assertThat(multiplyAdds("T1")).isEqualTo(3L * 400 * (4 * 200 * 800 + 200 * 10_000));
    assertThat(multiplyAdds("T2")).isEqualTo(3L * 64 * (600 * (64 + 128) * 512 + 128 * 10));
    assertThat(multiplyAdds("T3")).isEqualTo(3L * 32 * (24 * (8 + 64) * 256 + 64));
  }

  /** Up to a little more, because every thread reads whole vectors. */
  private static void reads(String id, long floats) {
    try (Limit limit = new Limit(Workload.of(id), 2)) {
      assertThat(limit.bytes()).isCloseTo(4 * floats, within(floats / 100));
    }
  }

  private static long multiplyAdds(String id) {
    try (Limit limit = new Limit(Workload.of(id), 1)) {
      return limit.multiplyAdds();
    }
  }
}
