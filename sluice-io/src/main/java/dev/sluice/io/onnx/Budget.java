package dev.sluice.io.onnx;

import dev.sluice.io.Tensor;
import java.util.List;

/**
 * How much memory may be spent on what a model says, so that a small file cannot ask for much: constants that
 * are made of constants, weights that are used again and again.
 */
final class Budget {
  /** What honest exporters make of weights (slices, joins, transposed copies) is far below. */
  private static final long TIMES_THE_FILE = 16;

  private static final long FIXED_BYTES = 400_000;

  private long left;

  Budget(long fileBytes) {
    left = FIXED_BYTES + TIMES_THE_FILE * fileBytes;
  }

  /** Takes the memory for a tensor of floats or longs; false when there is not enough. */
  boolean take(List<Integer> shape, boolean real) {
    return take(Tensor.elements(shape), real ? Float.BYTES : Long.BYTES);
  }

  /** Takes the memory for another one like {@code constant}; false when there is not enough. */
  boolean take(Constant constant) {
    return take(constant.shape(), constant.isReal());
  }

  /** Takes the memory for {@code count} elements; false when there is not enough. */
  boolean take(long count, int bytes) {
    if (count > left / bytes) {
      return false;
    }
    left -= count * bytes;
    return true;
  }
}
