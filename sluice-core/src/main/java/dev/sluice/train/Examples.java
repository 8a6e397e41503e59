package dev.sluice.train;

import dev.sluice.data.Batches;
import dev.sluice.matrix.RandomKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ragged examples, any of which can be put together in a batch.
 *
 * @param <B> a batch
 */
interface Examples<B> {
  /** Sequences, and steps of all sequences, that are judged at a time: what memory they may take. */
  int JUDGED_SEQUENCES = 256;

  int JUDGED_STEPS = 1 << 14;

  /** Sequences, and steps of all sequences, that are a few. */
  int FEW = 32;

  int FEW_STEPS = 1 << 11;

  /** The length of each example. */
  int[] lengths();

  /** Those of the given numbers together. */
  B batch(int... indices);

  /** The batches of an epoch of training. */
  default List<B> toLearn(int batchSize, RandomKey key, int epoch) {
    return Arrays.stream(Batches.training(lengths(), batchSize, key, epoch))
        .map(this::batch)
        .toList();
  }

  /** A few examples from all over, so few that they take no time to be looked at. */
  default B few() {
    int[] lengths = lengths();
    int longest = Math.max(1, Arrays.stream(lengths).max().orElse(1));
    int count = Math.min(lengths.length, Math.clamp(FEW_STEPS / longest, 1, FEW));
    return batch(
        IntStream.range(0, count).map(i -> (int) ((long) i * lengths.length / count)).toArray());
  }

  /** Each example once, in batches as large as it is fast. */
  default List<B> toJudge() {
    return Arrays.stream(Batches.evaluation(lengths(), JUDGED_SEQUENCES, JUDGED_STEPS))
        .map(this::batch)
        .toList();
  }
}
