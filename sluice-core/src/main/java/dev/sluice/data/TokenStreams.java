package dev.sluice.data;

import dev.sluice.matrix.Packing;

/**
 * A long sequence of tokens, cut into B streams of equal length that are read side by side, window by
 * window, each token being the target of the one before it:
 *
 * <pre>
 *   a b c d e f g h i j k   with 2 streams    a b c d e      first window of 3 steps   a b c -> b c d
 *                                             f g h i j                                f g h -> g h i
 * </pre>
 *
 * <p>What does not fill the streams is dropped, and the first token of a stream is predicted by nobody:
 * the {@code batchify} and {@code get_batch} of pytorch/examples. One stream keeps every token.
 */
public final class TokenStreams {
  private final int[] ids;
  private final int streams;
  private final int length;

  /**
   * Some steps of all streams, time-major: row t·B + b is step t of stream b.
   *
   * @param packing where each step of each stream is
   * @param inputs (rows) tokens
   * @param targets (rows) the token that comes next
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, read by one thread, never compared
  public record Window(Packing packing, int[] inputs, int[] targets) {}

  /**
   * Cuts {@code ids} into {@code streams}.
   *
   * @throws IllegalArgumentException when they are not enough for two tokens in each
   */
  public TokenStreams(int[] ids, int streams) {
    if (ids.length < 2L * streams) {
      throw new IllegalArgumentException(
          "%,d tokens are too few for %d streams, which need at least 2 each"
              .formatted(ids.length, streams));
    }
    this.ids = ids.clone();
    this.streams = streams;
    this.length = ids.length / streams;
  }

  /** How many there are, B. */
  public int streams() {
    return streams;
  }

  /** Tokens that are predicted, in all streams together. */
  public long targets() {
    return (long) streams * (length - 1);
  }

  /** How many windows of {@code steps} there are, the last of which may be shorter. */
  public int windows(int steps) {
    return Math.ceilDiv(length - 1, steps);
  }

  /** Steps of window {@code w}. */
  public int steps(int w, int steps) {
    return Math.min(steps, length - 1 - w * steps);
  }

  /** The window number {@code w} of those that are {@code steps} long. */
  public Window window(int w, int steps) {
    Packing packing = Packing.uniform(streams, steps(w, steps));
    int[] inputs = new int[packing.rows()];
    int[] targets = new int[packing.rows()];
    for (int row = 0; row < inputs.length; row++) {
      int at = row % streams * length + w * steps + row / streams;
      inputs[row] = ids[at];
      targets[row] = ids[at + 1];
    }
    return new Window(packing, inputs, targets);
  }
}
