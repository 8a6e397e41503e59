package dev.sluice.golden;

import dev.sluice.matrix.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A dense tensor of a golden file, of any rank, row-major. Not for arithmetic: it is read,
 * rearranged and compared.
 *
 * @param shape sizes, the slowest dimension first; empty for a single number
 * @param values as many as the product of {@code shape}
 */
@SuppressWarnings("ArrayRecordComponent") // made once and never compared as a whole
record GoldenTensor(List<Integer> shape, double[] values) {
  GoldenTensor {
    shape = List.copyOf(shape);
    if (values.length != count(shape)) {
      throw new IllegalArgumentException(
          "a tensor %s takes %d values, got %d".formatted(shape, count(shape), values.length));
    }
  }

  /** Zeros. */
  static GoldenTensor zeros(List<Integer> shape) {
    return new GoldenTensor(shape, new double[count(shape)]);
  }

  /** The elements of {@code m}, (rows, cols). */
  static GoldenTensor of(Matrix m) {
    GoldenTensor tensor = zeros(List.of(m.rows, m.cols));
    for (int i = 0; i < tensor.values.length; i++) {
      tensor.values[i] = m.get(i / m.cols, i % m.cols);
    }
    return tensor;
  }

  /** A number, or nested arrays of numbers that are equally long on each level. */
  static GoldenTensor of(JsonNode json) {
    List<Integer> shape = new ArrayList<>();
    for (JsonNode level = json; level.isArray(); level = level.required(0)) {
      shape.add(level.size());
    }
    List<Double> values = new ArrayList<>();
    collect(json, values);
    return new GoldenTensor(shape, values.stream().mapToDouble(v -> v).toArray());
  }

  /**
   * What a golden file says in any of its ways: nested arrays; or {@code shape} with {@code fill}, the
   * value of every element, or with {@code values}.
   */
  static GoldenTensor described(JsonNode json) {
    if (!json.isObject()) {
      return of(json);
    }
    List<Integer> shape = new ArrayList<>();
    json.required("shape").forEach(size -> shape.add(size.intValue()));
    if (json.has("fill")) {
      GoldenTensor tensor = zeros(shape);
      Arrays.fill(tensor.values, json.get("fill").asDouble());
      return tensor;
    }
    return of(json.required("values")).reshape(shape);
  }

  /** Tensors of one shape, one after the other along a new first dimension. */
  static GoldenTensor stack(List<GoldenTensor> parts) {
    List<Integer> shape = new ArrayList<>(parts.getFirst().shape);
    shape.addFirst(parts.size());
    double[] values = parts.stream().flatMapToDouble(p -> Arrays.stream(p.values)).toArray();
    return new GoldenTensor(shape, values);
  }

  int size(int dimension) {
    return shape.get(dimension);
  }

  /** The same values under another shape. */
  GoldenTensor reshape(List<Integer> other) {
    return new GoldenTensor(other, values);
  }

  /** With a dimension of size 1 before dimension {@code at}. */
  GoldenTensor insert(int at) {
    List<Integer> longer = new ArrayList<>(shape);
    longer.add(at, 1);
    return reshape(longer);
  }

  /**
   * With the first two dimensions exchanged: batch-major and time-major, or a matrix transposed.
   */
  GoldenTensor transpose() {
    int rows = size(0);
    int cols = size(1);
    List<Integer> swapped = new ArrayList<>(shape);
    swapped.set(0, cols);
    swapped.set(1, rows);
    GoldenTensor result = zeros(swapped);
    int inner = count(shape.subList(2, shape.size()));
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        System.arraycopy(
            values, (r * cols + c) * inner, result.values, (c * rows + r) * inner, inner);
      }
    }
    return result;
  }

  /** With zeros appended along the first dimension until it has {@code length}. */
  GoldenTensor padded(int length) {
    List<Integer> longer = new ArrayList<>(shape);
    longer.set(0, length);
    return new GoldenTensor(longer, Arrays.copyOf(values, count(longer)));
  }

  /** Part {@code i} along the first dimension. */
  GoldenTensor part(int i) {
    GoldenTensor part = zeros(shape.subList(1, shape.size()));
    System.arraycopy(values, i * part.values.length, part.values, 0, part.values.length);
    return part;
  }

  /** Tensors that differ in the last dimension only, side by side. */
  static GoldenTensor concat(GoldenTensor left, GoldenTensor right) {
    List<Integer> shape = new ArrayList<>(left.shape);
    int l = left.shape.getLast();
    int r = right.shape.getLast();
    shape.set(shape.size() - 1, l + r);
    GoldenTensor both = zeros(shape);
    for (int row = 0; row < left.values.length / l; row++) {
      System.arraycopy(left.values, row * l, both.values, row * (l + r), l);
      System.arraycopy(right.values, row * r, both.values, row * (l + r) + l, r);
    }
    return both;
  }

  /** Parts {@code from} (inclusive) to {@code to} (exclusive) along the first dimension. */
  GoldenTensor parts(int from, int to) {
    return stack(IntStream.range(from, to).mapToObj(this::part).toList());
  }

  /** Rounded to float: one row when the rank is 1, else the last dimension along the columns. */
  Matrix toMatrix() {
    int cols = shape.getLast();
    Matrix m = Matrix.zeros(values.length / cols, cols);
    for (int i = 0; i < values.length; i++) {
      m.set(i / cols, i % cols, (float) values[i]);
    }
    return m;
  }

  /** The indices of the {@code flat}-th element. */
  List<Integer> indices(int flat) {
    List<Integer> indices = new ArrayList<>();
    int rest = flat;
    for (int size : shape.reversed()) {
      indices.addFirst(rest % size);
      rest /= size;
    }
    return indices;
  }

  private static void collect(JsonNode json, List<Double> values) {
    if (json.isArray()) {
      json.forEach(child -> collect(child, values));
    } else {
      values.add(json.asDouble());
    }
  }

  private static int count(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
