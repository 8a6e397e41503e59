package dev.sluice.io.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The rules by which ONNX's operators make shapes of shapes. What breaks them is an {@link
 * IllegalArgumentException}.
 */
final class Shapes {
  /** No model has more; a file could claim any number, and each node would pay for it. */
  static final int MAX_RANK = 32;

  private Shapes() {}

  /** The number of an axis that may be counted from the end. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("there is no axis %d among %d".formatted(axis, rank));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The place of an index that may be counted from the end. */
  static int index(long index, int size) {
    if (index < -size || index >= size) {
      throw new IllegalArgumentException("there is no index %d among %d".formatted(index, size));
    }
    return (int) (index < 0 ? index + size : index);
  }

  /** For each dimension how many elements apart its neighbours are. */
  static int[] strides(List<Integer> shape) {
    int[] strides = new int[shape.size()];
    int stride = 1;
    for (int d = strides.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride = Math.multiplyExact(stride, Math.max(1, shape.get(d)));
    }
    return strides;
  }

  /** What a Slice takes of an axis: {@code count} elements from {@code start} on, {@code step} apart. */
  record Range(int start, int step, int count) {}

  /** The elements of a Slice, which ends before {@code end}; bounds may be counted from the end, or be beyond. */
  static Range range(long start, long end, long step, int size) {
    if (step == 0) {
      throw new IllegalArgumentException("a step is 0");
    }
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? size : size - 1;
    long from =
        Math.clamp(start < 0 ? start + size : start, Math.max(0, lowest), Math.max(0, highest));
    long to = Math.clamp(end < 0 ? end + size : end, lowest, Math.max(lowest, highest));
    long stride = Math.clamp(step, -Math.max(1, size), Math.max(1, size));
    long count =
        stride > 0 ? (to - from + stride - 1) / stride : (from - to - stride - 1) / -stride;
    return new Range((int) from, (int) stride, size == 0 ? 0 : (int) Math.max(0, count));
  }

  /** Strides of {@code shape} as one of {@code rank} dimensions whose missing and single sizes repeat. */
  static int[] stretched(List<Integer> shape, int rank) {
    int[] own = strides(shape);
    int[] stretched = new int[rank];
    for (int d = 0; d < own.length; d++) {
      stretched[rank - own.length + d] = shape.get(d) == 1 ? 0 : own[d];
    }
    return stretched;
  }

  /** For each element of {@code shape} the place at offset + Σ index·step. */
  static IntUnaryOperator places(List<Integer> shape, int offset, int... steps) {
    int[] inner = strides(shape);
    int[] sizes = shape.stream().mapToInt(size -> size).toArray();
    return i -> {
      int place = offset;
      for (int d = 0; d < steps.length; d++) {
        place += i / inner[d] % sizes[d] * steps[d];
      }
      return place;
    };
  }

  /** The order of axes that a Transpose makes: {@code perm}, or all turned round. */
  static int[] permutation(List<Long> perm, int rank) {
    int[] axes = new int[rank];
    boolean[] taken = new boolean[rank];
    for (int d = 0; d < rank; d++) {
      axes[d] =
          perm.isEmpty() ? rank - 1 - d : axis(perm.size() == rank ? perm.get(d) : rank, rank);
      if (taken[axes[d]]) {
        throw new IllegalArgumentException("axis %d comes twice".formatted(axes[d]));
      }
      taken[axes[d]] = true;
    }
    return axes;
  }

  /** Which of {@code rank} axes are in {@code axes}. */
  static boolean[] marked(List<Long> axes, int rank) {
    boolean[] marked = new boolean[rank];
    for (long axis : axes) {
      marked[axis(axis, rank)] = true;
    }
    return marked;
  }

  /** Both shapes stretched to one. */
  static List<Integer> broadcast(List<Integer> left, List<Integer> right) {
    int rank = Math.max(left.size(), right.size());
    List<Integer> both = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      int l = d < rank - left.size() ? 1 : left.get(d - rank + left.size());
      int r = d < rank - right.size() ? 1 : right.get(d - rank + right.size());
      if (l != r && l != 1 && r != 1) {
        throw new IllegalArgumentException("%s and %s do not fit together".formatted(left, right));
      }
      both.add(l == 1 ? r : l);
    }
    return both;
  }

  /** The shape that a Reshape of {@code count} elements makes. */
  static List<Integer> reshaped(List<Integer> from, int count, List<Long> to, boolean allowZero) {
    long known = 1;
    int open = -1;
    List<Integer> shape = new ArrayList<>();
    for (int d = 0; d < to.size(); d++) {
      long size = to.get(d);
      if (size == 0 && !allowZero) {
        size = from.get(axis(d, from.size()));
      }
      if (size < 0) {
        open = open < 0 ? d : -2;
      } else {
        known = Math.multiplyExact(known, size);
      }
      shape.add(Math.toIntExact(Math.max(0, size)));
    }
    if (open >= 0 && known > 0 && count % known == 0) {
      shape.set(open, Math.toIntExact(count / known));
      known = count;
    }
    if (open < -1 || known != count || to.size() > MAX_RANK) {
      throw new IllegalArgumentException("%s has not the shape %s".formatted(from, to));
    }
    return shape;
  }
}
