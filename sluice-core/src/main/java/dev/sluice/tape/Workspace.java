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
  private static final int ALIGNMENT = 16;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final List<float[]> chunks = new ArrayList<>();
  private int chunk;
  private int used;

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
      used = 0;
    }
    if (chunk == chunks.size()) {
      chunks.add(new float[Math.max(size, CHUNK)]);
    }
    Matrix m = Matrix.window(chunks.get(chunk), used, rows, cols);
    used =
        Math.min(chunks.get(chunk).length, (used + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
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
    used = 0;
  }
}
