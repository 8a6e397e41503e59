package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.matrix.RandomKey;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final RandomKey KEY = RandomKey.of(1);
  private static final int[] LENGTHS =
      IntStream.range(0, 5003).map(i -> 1 + KEY.below(60, i)).toArray();

  @Test
  void everySequenceIsInOneBatch() {
    for (int[][] batches :
        new int[][][] {
          Batches.training(LENGTHS, 32, KEY, 0), Batches.evaluation(LENGTHS, 32, Integer.MAX_VALUE),
        }) {
      assertThat(Arrays.stream(batches).flatMapToInt(Arrays::stream).sorted())
          .containsExactlyElementsOf(IntStream.range(0, LENGTHS.length).boxed().toList());
      assertThat(Arrays.stream(batches).filter(b -> b.length != 32).map(b -> b.length))
          .containsExactly(5003 % 32);
    }
  }

  @Test
  void trainingBatchesHaveLittlePadding() {
    long steps = IntStream.of(LENGTHS).asLongStream().sum();
    long padded =
        Arrays.stream(Batches.training(LENGTHS, 32, KEY, 0))
            .mapToLong(b -> (long) b.length * LENGTHS[b[0]])
            .sum();
    assertThat(padded).isLessThan(steps * 105 / 100);
  }

  @Test
  void sequencesOfABatchAreLongestFirst() {
    for (int[] batch : Batches.training(LENGTHS, 32, KEY, 0)) {
      assertThat(Arrays.stream(batch).map(i -> -LENGTHS[i])).isSorted();
    }
  }

  @Test
  void everyEpochHasItsOwnOrderAndItsOwnBatches() {
    int[][] first = Batches.training(LENGTHS, 32, KEY, 0);
    assertThat(Batches.training(LENGTHS, 32, KEY, 0)).isDeepEqualTo(first);
    int[][] second = Batches.training(LENGTHS, 32, KEY, 1);
    assertThat(Arrays.stream(second).map(Arrays::hashCode))
        .doesNotContainAnyElementsOf(Arrays.stream(first).map(Arrays::hashCode).toList());
    assertThat(Batches.training(LENGTHS, 32, RandomKey.of(2), 0)[0]).isNotEqualTo(first[0]);
  }

  @Test
  void trainingBatchesComeInNoOrderOfLength() {
    int[] longest =
        Arrays.stream(Batches.training(LENGTHS, 32, KEY, 0)).mapToInt(b -> LENGTHS[b[0]]).toArray();
    long falls =
        IntStream.range(1, longest.length).filter(i -> longest[i] < longest[i - 1]).count();
    assertThat((double) falls / longest.length).isBetween(0.4, 0.6);
  }

  @Test
  void evaluationGoesFromLongToShort() {
    assertThat(Batches.evaluation(new int[] {3, 7, 3, 9, 1}, 2, 100))
        .isDeepEqualTo(new int[][] {{3, 1}, {0, 2}, {4}});
    assertThat(Batches.evaluation(new int[0], 2, 100)).isEmpty();
  }

  @Test
  void batchSizeBelowOneIsAnError() {
    assertThatThrownBy(() -> Batches.evaluation(LENGTHS, 0, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a batch needs a size of at least 1, got 0");
  }

  @Test
  void longSequencesAreEvaluatedInSmallBatches() {
    assertThat(Batches.evaluation(new int[] {2, 30, 2, 10, 2, 2}, 4, 20))
        .isDeepEqualTo(new int[][] {{1}, {3, 0}, {2, 4, 5}});
  }
}
