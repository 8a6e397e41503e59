package dev.sluice.tape;

import dev.sluice.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one tape: hands out windows one after the other and takes them all back at once.
 *
 * <p>Once it has seen the largest step, a step allocates nothing: after {@link #reset} the same
 * memory is handed out again.
 */
final class Workspace {
  private static final int CHUNK = 1 << 18;

  /** Floats of a cache line: windows start on one, and so do vectors in rows of whole lines. */
  private static final int LINE = 16;

  /** Where the first line of a large array begins: its floats start 16 bytes into the object. */
  private static final int FIRST = 12;

  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 64;

  private final List<float[]> chunks = new ArrayList<>();
  private int chunk;
  private int used = FIRST;

  /** A dense window whose elements are arbitrary. */
  Matrix take(int rows, int cols) {
    if ((long) rows * cols > LARGEST_ARRAY) {
      throw new IllegalArgumentException(
          "a %d x %d matrix is more than one array holds; use smaller batches"
              .formatted(rows, cols));
    }
    int size = rows * cols;
    while (chunk < chunks.size() && chunks.get(chunk).length - used < size) {
      chunk++;
      used = FIRST;
    }
    if (chunk == chunks.size()) {
      chunks.add(new float[Math.max(FIRST + size, CHUNK)]);
    }
    Matrix m = Matrix.window(chunks.get(chunk), used, rows, cols);
    used = Math.min(chunks.get(chunk).length, used + Math.ceilDiv(size, LINE) * LINE);
    return m;
  }

  /** Takes back everything; several chunks become one that holds them all, where one can. */
  void reset() {
    long total = chunks.stream().mapToLong(c -> c.length).sum();
    if (chunks.size() > 1 && total <= LARGEST_ARRAY) {
      chunks.clear();
      chunks.add(new float[(int) total]);
    }
    chunk = 0;
    used = FIRST;
  }
}
