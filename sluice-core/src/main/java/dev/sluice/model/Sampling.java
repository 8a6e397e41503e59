package dev.sluice.model;

import dev.sluice.matrix.RandomKey;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Draws a token from the scores of a language model: softmax of score / temperature, of the most
 * probable tokens alone if so wanted (Fan et al. 2018). The same on every machine.
 *
 * @param temperature above 0; below 1 the probable becomes more probable, 1 leaves it as it was learned
 * @param topK among how many tokens; 0 for all, 1 for the most probable always
 * @param key what the choices depend on, besides the scores
 */
public record Sampling(double temperature, int topK, RandomKey key) {
  /** Fails when a number is out of range. */
  public Sampling {
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be above 0, got " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("top-k must be 0 (all) or more, got " + topK);
    }
  }

  /** The token for the {@code index}-th choice; of equal scores the first counts as the higher. */
  public int choose(float[] scores, long index) {
    int[] candidates = candidates(scores);
    double max = Double.NEGATIVE_INFINITY;
    for (int token : candidates) {
      max = Math.max(max, scores[token]);
    }
    double[] upTo = new double[candidates.length]; // sums of e^((score - max) / temperature)
    double sum = 0;
    for (int i = 0; i < candidates.length; i++) {
      sum += StrictMath.exp((scores[candidates[i]] - max) / temperature);
      upTo[i] = sum;
    }
    double drawn = (key.bits(index) >>> 11) * 0x1p-53 * sum;
    int chosen = 0;
    while (chosen < candidates.length - 1 && upTo[chosen] <= drawn) {
      chosen++;
    }
    return candidates[chosen];
  }

  private int[] candidates(float[] scores) {
    IntStream all = IntStream.range(0, scores.length);
    if (topK == 0 || topK >= scores.length) {
      return all.toArray();
    }
    return all.boxed()
        .sorted(Comparator.comparingDouble((Integer token) -> -scores[token]))
        .limit(topK)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
