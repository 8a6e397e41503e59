package dev.sluice.train;

import dev.sluice.data.Batches;
import dev.sluice.matrix.RandomKey;
import java.util.Arrays;
import java.util.List;

/**
 * Ragged examples, any of which can be put together in a batch.
 *
 * @param <B> a batch
 */
interface Examples<B> {
  /** Sequences, and steps of all sequences, that are judged at a time: what memory they may take. */
  int JUDGED_SEQUENCES = 256;

  int JUDGED_STEPS = 1 << 14;

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

  /** Each example once, in batches as large as it is fast. */
  default List<B> toJudge() {
    return Arrays.stream(Batches.evaluation(lengths(), JUDGED_SEQUENCES, JUDGED_STEPS))
        .map(this::batch)
        .toList();
  }
}
