package dev.sluice.io.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The dimensions of a value that each run computes, by what they mean: each is a list of axes whose
 * numbers it joins, the slowest first. So (B·T, n) is [[b, t], [n]], and a dimension of size 1 is [].
 *
 * <p>Operations that cannot be followed give nothing; broken ones are an {@link IllegalArgumentException}.
 */
record Axes(List<List<Axis>> dimensions) {
  /** An axis: two are the same when they are one object. */
  static final class Axis {
    /** Its size; {@link OnnxGraph#ANY} when each run chooses. */
    final int size;

    Axis(int size) {
      this.size = size;
    }
  }

  /** A size: that of all {@code axes} multiplied, times {@code factor}. */
  record Size(List<Axis> axes, long factor) {
    static Size of(long number) {
      return new Size(List.of(), number);
    }
  }

  Axes {
    dimensions = dimensions.stream().map(List::copyOf).toList();
  }

  static Axes of(List<List<Axis>> dimensions) {
    return new Axes(dimensions);
  }

  int rank() {
    return dimensions.size();
  }

  List<Axis> get(int dimension) {
    return dimensions.get(dimension);
  }

  List<Axis> last() {
    return dimensions.getLast();
  }

  /** Every axis, in the order of the numbers. */
  List<Axis> all() {
    return dimensions.stream().flatMap(List::stream).toList();
  }

  /** The dimension that is {@code axis} alone; -1 when there is none. */
  int find(Axis axis) {
    return dimensions.indexOf(List.of(axis));
  }

  Axes with(int dimension, List<Axis> axes) {
    List<List<Axis>> changed = new ArrayList<>(dimensions);
    changed.set(dimension, axes);
    return new Axes(changed);
  }

  Axes without(int dimension) {
    List<List<Axis>> fewer = new ArrayList<>(dimensions);
    fewer.remove(dimension);
    return new Axes(fewer);
  }

  Axes transposed(List<Long> perm) {
    List<List<Axis>> turned = new ArrayList<>();
    for (int axis : Shapes.permutation(perm, rank())) {
      turned.add(dimensions.get(axis));
    }
    return new Axes(turned);
  }

  /** Without the dimensions at {@code axes}, or all of size 1 when none are said. */
  Optional<Axes> squeezed(Optional<List<Long>> axes) {
    boolean[] marked = Shapes.marked(axes.orElse(List.of()), rank());
    List<List<Axis>> left = new ArrayList<>();
    for (int d = 0; d < rank(); d++) {
      boolean single = dimensions.get(d).isEmpty();
      if (marked[d] && !single) {
        return Optional.empty();
      }
      if (!marked[d] && !(axes.isEmpty() && single)) {
        left.add(dimensions.get(d));
      }
    }
    return Optional.of(new Axes(left));
  }

  Optional<Axes> unsqueezed(List<Long> axes) {
    int rank = rank() + axes.size();
    if (rank > Shapes.MAX_RANK) {
      return Optional.empty();
    }
    boolean[] marked = Shapes.marked(axes, rank);
    List<List<Axis>> more = new ArrayList<>(dimensions);
    for (int d = 0; d < rank; d++) {
      if (marked[d]) {
        more.add(Math.min(d, more.size()), List.of());
      }
    }
    return Optional.of(new Axes(more));
  }

  /** All dimensions before {@code axis} made one, and all others. */
  Axes flattened(long axis) {
    int at = axis == rank() ? rank() : Shapes.axis(axis, rank());
    return new Axes(
        List.of(
            dimensions.subList(0, at).stream().flatMap(List::stream).toList(),
            dimensions.subList(at, rank()).stream().flatMap(List::stream).toList()));
  }

  /** Under another shape, in which one size may be open (-1), and 0 stands for the size at its place. */
  Optional<Axes> reshaped(List<Size> shape) {
    if (shape.size() > Shapes.MAX_RANK) {
      return Optional.empty();
    }
    List<Axis> axes = all();
    List<List<Axis>> before = new ArrayList<>();
    int from = 0;
    int open = 0;
    while (open < shape.size() && !isOpen(shape.get(open))) {
      int taken = taken(shape.get(open), open, axes.subList(from, axes.size()));
      if (taken < 0) {
        return Optional.empty();
      }
      before.add(axes.subList(from, from + taken));
      from += taken;
      open++;
    }
    List<List<Axis>> after = new ArrayList<>();
    int to = axes.size();
    for (int d = shape.size() - 1; d > open; d--) {
      int taken =
          isOpen(shape.get(d)) ? -1 : taken(shape.get(d), d, axes.subList(from, to).reversed());
      if (taken < 0) {
        return Optional.empty();
      }
      after.addFirst(axes.subList(to - taken, to));
      to -= taken;
    }
    if (open < shape.size()) {
      before.add(axes.subList(from, to));
    } else if (from < axes.size()) {
      return Optional.empty();
    }
    before.addAll(after);
    return Optional.of(new Axes(before));
  }

  private static boolean isOpen(Size size) {
    return size.axes().isEmpty() && size.factor() == -1;
  }

  /** How many of the next axes make {@code size}; -1 when none do. They may come in the opposite order. */
  private int taken(Size size, int dimension, List<Axis> next) {
    if (size.axes().isEmpty() && size.factor() == 0) {
      return dimension < rank() && startsWith(next, dimensions.get(dimension))
          ? dimensions.get(dimension).size()
          : -1;
    }
    if (size.equals(Size.of(1)) && !next.isEmpty() && next.getFirst().size == 1) {
      return 1; // such as the only sequence of a batch
    }
    List<Axis> named = new ArrayList<>(size.axes());
    long rest = size.factor();
    int taken = 0;
    while (taken < next.size() && (!named.isEmpty() || rest != 1)) {
      Axis axis = next.get(taken);
      if (!named.remove(axis)) {
        if (axis.size < 1 || rest % axis.size != 0) {
          return -1;
        }
        rest /= axis.size;
      }
      taken++;
    }
    return named.isEmpty() && rest == 1 ? taken : -1;
  }

  private static boolean startsWith(List<Axis> next, List<Axis> wanted) {
    return next.size() >= wanted.size() && next.subList(0, wanted.size()).containsAll(wanted);
  }
}
