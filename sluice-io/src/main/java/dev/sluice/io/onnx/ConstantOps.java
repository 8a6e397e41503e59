package dev.sluice.io.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The operators that exporters put between stored weights and the nodes that use them, computed on
 * constants. An operator that is not among them gives nothing; one that is broken, an {@link
 * IllegalArgumentException} or {@link ArithmeticException}. Which inputs are constants is the business of
 * {@link Folding}.
 */
final class ConstantOps {
  private final Budget budget;

  ConstantOps(Budget budget) {
    this.budget = budget;
  }

  /**
   * The outputs of {@code node}; none when they are not computed here.
   *
   * @param inputs in their order; empty where one is left out
   */
  List<Constant> apply(OnnxNode node, List<Optional<Constant>> inputs) {
    if (node.operator().equals("Constant")) {
      return constant(node).stream().toList();
    }
    if (node.operator().equals("Concat")) {
      return concat(node, inputs).stream().toList();
    }
    if (inputs.isEmpty() || inputs.getFirst().isEmpty()) {
      return List.of();
    }
    Constant x = inputs.getFirst().get();
    return node.operator().equals("Split")
        ? split(node, x, inputs)
        : ofOne(node, x, inputs).stream().toList();
  }

  private Optional<Constant> ofOne(OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    return switch (node.operator()) {
      case "Identity", "Dropout" -> Optional.of(x);
      case "Cast" -> ConstantArithmetic.cast(x, node.integer("to", 0), budget);
      case "Shape" -> shape(node, x);
      case "Size" -> Optional.of(Constant.of(List.of(), (long) x.count()));
      case "Reshape" -> reshape(node, x, inputs);
      case "Flatten" -> flatten(node, x);
      case "Squeeze" -> squeeze(node, x, inputs);
      case "Unsqueeze" -> unsqueeze(node, x, inputs);
      case "Transpose" -> transpose(node, x);
      case "Slice" -> slice(node, x, inputs);
      case "Gather" -> gather(node, x, inputs);
      case "Expand" -> expand(x, inputs);
      case "ConstantOfShape" -> ofShape(node, x);
      default -> ConstantArithmetic.apply(node.operator(), x, inputs, budget);
    };
  }

  private static Optional<Constant> constant(OnnxNode node) {
    if (node.has("value_float")) {
      return Optional.of(Constant.of(List.of(), node.real("value_float", 0)));
    }
    if (node.has("value_int")) {
      return Optional.of(Constant.of(List.of(), node.integer("value_int", 0)));
    }
    if (node.has("value_floats")) {
      List<Float> values = node.reals("value_floats");
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
      return Optional.of(Constant.of(List.of(floats.length), floats));
    }
    if (node.has("value_ints")) {
      long[] longs = node.integers("value_ints").stream().mapToLong(v -> v).toArray();
      return Optional.of(Constant.of(List.of(longs.length), longs));
    }
    return node.tensor("value");
  }

  private static Optional<Constant> shape(OnnxNode node, Constant x) {
    long[] sizes = x.shape().stream().mapToLong(size -> size).toArray();
    Shapes.Range part =
        Shapes.range(node.integer("start", 0), node.integer("end", sizes.length), 1, sizes.length);
    return Optional.of(
        Constant.of(
            List.of(part.count()),
            Arrays.copyOfRange(sizes, part.start(), part.start() + part.count())));
  }

  private static Optional<Constant> reshape(
      OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    List<Long> shape = list(node, "shape", inputs, 1).orElse(List.of());
    boolean allowZero = node.integer("allowzero", 0) != 0;
    return Optional.of(x.reshaped(Shapes.reshaped(x.shape(), x.count(), shape, allowZero)));
  }

  private static Optional<Constant> flatten(OnnxNode node, Constant x) {
    long axis = node.integer("axis", 1);
    int at = axis == x.rank() ? x.rank() : Shapes.axis(axis, x.rank());
    int rows = x.shape().subList(0, at).stream().reduce(1, Math::multiplyExact);
    return Optional.of(x.reshaped(List.of(rows, rows == 0 ? 0 : x.count() / rows)));
  }

  private static Optional<Constant> squeeze(
      OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    Optional<List<Long>> axes = list(node, "axes", inputs, 1);
    boolean[] marked = Shapes.marked(axes.orElse(List.of()), x.rank());
    List<Integer> shape = new ArrayList<>();
    for (int d = 0; d < x.rank(); d++) {
      boolean goes = axes.isPresent() ? marked[d] : x.shape().get(d) == 1;
      if (!goes) {
        shape.add(x.shape().get(d));
      } else if (x.shape().get(d) != 1) {
        throw new IllegalArgumentException("axis %d of %s is not 1".formatted(d, x.shape()));
      }
    }
    return Optional.of(x.reshaped(shape));
  }

  private static Optional<Constant> unsqueeze(
      OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    List<Long> axes = list(node, "axes", inputs, 1).orElse(List.of());
    int rank = x.rank() + axes.size();
    if (rank > Shapes.MAX_RANK) {
      return Optional.empty();
    }
    boolean[] marked = Shapes.marked(axes, rank);
    List<Integer> shape = new ArrayList<>(x.shape());
    for (int d = 0; d < rank; d++) {
      if (marked[d]) {
        shape.add(Math.min(d, shape.size()), 1);
      }
    }
    return Optional.of(x.reshaped(shape));
  }

  private Optional<Constant> transpose(OnnxNode node, Constant x) {
    int[] axes = Shapes.permutation(node.integers("perm"), x.rank());
    int[] from = Shapes.strides(x.shape());
    int[] steps = new int[x.rank()];
    List<Integer> shape = new ArrayList<>();
    for (int d = 0; d < axes.length; d++) {
      shape.add(x.shape().get(axes[d]));
      steps[d] = from[axes[d]];
    }
    return strided(x, shape, 0, steps);
  }

  private Optional<Constant> slice(OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    List<Long> starts = list(node, "starts", inputs, 1).orElse(List.of());
    List<Long> ends = list(node, "ends", inputs, 2).orElse(List.of());
    List<Long> axes = list(node, "axes", inputs, 3).orElse(List.of());
    List<Long> strides = list(node, "steps", inputs, 4).orElse(List.of());
    List<Integer> shape = new ArrayList<>(x.shape());
    int[] steps = Shapes.strides(x.shape());
    int offset = 0;
    for (int i = 0; i < starts.size(); i++) {
      int axis = Shapes.axis(axes.isEmpty() ? i : get(axes, i), x.rank());
      long step = strides.isEmpty() ? 1 : get(strides, i);
      Shapes.Range range = Shapes.range(starts.get(i), get(ends, i), step, x.shape().get(axis));
      shape.set(axis, range.count());
      offset += range.start() * steps[axis];
      steps[axis] *= range.step();
    }
    return strided(x, shape, offset, steps);
  }

  private Optional<Constant> gather(OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    Constant indices = second(inputs);
    if (indices.isReal()) {
      throw new IllegalArgumentException("indices are no whole numbers");
    }
    int axis = Shapes.axis(node.integer("axis", 0), x.rank());
    List<Integer> shape = new ArrayList<>(x.shape());
    int size = shape.get(axis);
    shape.subList(axis, axis + 1).clear();
    shape.addAll(axis, indices.shape());
    if (shape.size() > Shapes.MAX_RANK || !budget.take(shape, x.isReal())) {
      return Optional.empty();
    }
    int inner = x.shape().subList(axis + 1, x.rank()).stream().reduce(1, Math::multiplyExact);
    int count = indices.count();
    long[] which = indices.longs();
    for (long index : which) {
      Shapes.index(index, size);
    }
    return Optional.of(
        x.pick(
            shape,
            i -> {
              int outer = i / inner / count;
              int index = Shapes.index(which[i / inner % count], size);
              return (outer * size + index) * inner + i % inner;
            }));
  }

  private Optional<Constant> expand(Constant x, List<Optional<Constant>> inputs) {
    List<Integer> shape = Shapes.broadcast(x.shape(), sizes(second(inputs)));
    return stretched(x, shape);
  }

  private Optional<Constant> stretched(Constant x, List<Integer> shape) {
    return strided(x, shape, 0, Shapes.stretched(x.shape(), shape.size()));
  }

  private Optional<Constant> ofShape(OnnxNode node, Constant x) {
    Constant value = node.tensor("value").orElse(Constant.of(List.of(1), 0f));
    if (value.count() != 1) {
      throw new IllegalArgumentException("its value is not one number");
    }
    return stretched(value.reshaped(List.of()), sizes(x));
  }

  private Optional<Constant> concat(OnnxNode node, List<Optional<Constant>> inputs) {
    List<Constant> parts = inputs.stream().flatMap(Optional::stream).toList();
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    Constant first = parts.getFirst();
    int axis = Shapes.axis(node.integer("axis", 0), first.rank());
    List<Integer> shape = new ArrayList<>(first.shape());
    shape.set(axis, 0);
    for (Constant part : parts) {
      List<Integer> other = new ArrayList<>(part.shape());
      int size = part.rank() == first.rank() ? other.set(axis, shape.get(axis)) : 0;
      if (!other.equals(shape) || part.isReal() != first.isReal()) {
        throw new IllegalArgumentException(
            "%s and %s cannot be joined".formatted(first.shape(), part.shape()));
      }
      shape.set(axis, Math.addExact(shape.get(axis), size));
    }
    return budget.take(shape, first.isReal())
        ? Optional.of(joined(parts, axis, shape))
        : Optional.empty();
  }

  private static Constant joined(List<Constant> parts, int axis, List<Integer> shape) {
    boolean real = parts.getFirst().isReal();
    float[] floats = new float[real ? count(shape) : 0];
    long[] longs = new long[real ? 0 : count(shape)];
    int outer = shape.subList(0, axis).stream().reduce(1, Math::multiplyExact);
    int row = outer == 0 ? 0 : count(shape) / outer;
    int at = 0;
    for (Constant part : parts) {
      int width = outer == 0 ? 0 : part.count() / outer;
      Object from = real ? part.floats() : part.longs();
      Object to = real ? floats : longs;
      for (int o = 0; o < outer; o++) {
        System.arraycopy(from, o * width, to, o * row + at, width);
      }
      at += width;
    }
    return real ? Constant.of(shape, floats) : Constant.of(shape, longs);
  }

  private List<Constant> split(OnnxNode node, Constant x, List<Optional<Constant>> inputs) {
    int axis = Shapes.axis(node.integer("axis", 0), x.rank());
    int size = x.shape().get(axis);
    int parts = node.outputs().size();
    if (parts == 0) {
      return List.of();
    }
    int each = (size + parts - 1) / parts;
    List<Long> given =
        list(node, "split", inputs, 1).orElse(Collections.nCopies(parts, (long) each));
    List<Constant> outputs = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < parts; i++) {
      int count = Math.clamp(get(given, i), 0, size - from);
      List<Integer> shape = new ArrayList<>(x.shape());
      shape.set(axis, count);
      int[] steps = Shapes.strides(x.shape());
      Optional<Constant> part = strided(x, shape, from * steps[axis], steps);
      if (part.isEmpty()) {
        return List.of();
      }
      outputs.add(part.get());
      from += count;
    }
    return outputs;
  }

  /** The numbers at offset + Σ index·step. */
  private Optional<Constant> strided(Constant x, List<Integer> shape, int offset, int[] steps) {
    if (shape.size() > Shapes.MAX_RANK || !budget.take(shape, x.isReal())) {
      return Optional.empty();
    }
    return Optional.of(x.pick(shape, Shapes.places(shape, offset, steps)));
  }

  /** An attribute of old opsets that is an input of new ones. */
  private static Optional<List<Long>> list(
      OnnxNode node, String attribute, List<Optional<Constant>> inputs, int input) {
    if (node.has(attribute)) {
      return Optional.of(node.integers(attribute));
    }
    return input < inputs.size() ? inputs.get(input).map(Constant::list) : Optional.empty();
  }

  private static Constant second(List<Optional<Constant>> inputs) {
    if (inputs.size() < 2 || inputs.get(1).isEmpty()) {
      throw new IllegalArgumentException("its second input is missing");
    }
    return inputs.get(1).get();
  }

  private static long get(List<Long> values, int i) {
    if (i >= values.size()) {
      throw new IllegalArgumentException("its lists have different lengths");
    }
    return values.get(i);
  }

  private static List<Integer> sizes(Constant sizes) {
    return sizes.list().stream().map(ConstantOps::size).toList();
  }

  private static int size(long size) {
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("%d is no size".formatted(size));
    }
    return (int) size;
  }

  private static int count(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
