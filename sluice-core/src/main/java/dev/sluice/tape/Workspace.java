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

  private final List<float[]> chunks = new ArrayList<>();
  private int chunk;
  private int used;

  /** A dense window whose elements are arbitrary. */
  Matrix take(int rows, int cols) {
    int size = Math.multiplyExact(rows, cols);
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

  /** Takes back everything; several chunks become one that holds them all. */
  void reset() {
    if (chunks.size() > 1) {
      int total = chunks.stream().mapToInt(c -> c.length).reduce(0, Math::addExact);
      chunks.clear();
      chunks.add(new float[total]);
    }
    chunk = 0;
    used = 0;
  }
}
