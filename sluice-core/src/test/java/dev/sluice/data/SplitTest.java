package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.matrix.RandomKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final RandomKey KEY = RandomKey.of(1);

  @Test
  void everyItemIsInOnePart() {
    for (int n : new int[] {0, 1, 9, 10, 101}) {
      List<Integer> items = IntStream.range(0, n).boxed().toList();
      List<List<Integer>> parts = Split.of(items, KEY, 80, 10, 10);
      assertThat(parts).hasSize(3);
      assertThat(parts.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(items);
    }
  }

  @Test
  void partsHaveTheirShares() {
    List<Integer> items = IntStream.range(0, 1000).boxed().toList();
    assertThat(Split.of(items, KEY, 80, 10, 10).stream().map(List::size))
        .containsExactly(800, 100, 100);
    assertThat(Split.of(items, KEY, 1, 1, 1).stream().map(List::size))
        .containsExactly(333, 333, 334);
  }

  @Test
  void isAFunctionOfTheKeyAndShuffles() {
    List<Integer> items = IntStream.range(0, 100).boxed().toList();
    assertThat(Split.of(items, KEY, 1, 1)).isEqualTo(Split.of(items, KEY, 1, 1));
    assertThat(Split.of(items, KEY, 1, 1)).isNotEqualTo(Split.of(items, RandomKey.of(2), 1, 1));
    assertThat(Split.of(items, KEY, 1).getFirst()).isNotEqualTo(items);
  }

  @Test
  void shareBelowOneIsAnError() {
    assertThatThrownBy(() -> Split.of(List.of("a"), KEY, 80, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a split needs shares above 0, got [80, 0]");
  }
}
