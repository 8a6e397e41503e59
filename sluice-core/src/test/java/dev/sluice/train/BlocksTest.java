package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.Workers;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, Blocks.SIZE, Blocks.SIZE + 1, Integer.MAX_VALUE})
  void blocksCoverTheLength(int length) {
    AtomicLong covered = new AtomicLong();
    Blocks.run(
        Workers.SINGLE,
        length,
        (from, to) -> {
          assertThat(to).isBetween(from + 1, length);
          assertThat((long) from).isEqualTo(covered.getAndAdd(to - from));
        });
    assertThat(covered).hasValue(length);
  }
}
