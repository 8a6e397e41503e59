package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.matrix.Matrix;
import java.nio.file.Path;
import java.util.List;

/** Takes arrays of one layer as matrices, when they have the shape that is expected. */
final class ArrayReader {
  private final Path file;
  private final LayerConfig layer;
  private final List<StoredTensor> arrays;

  ArrayReader(Path file, LayerConfig layer, List<StoredTensor> arrays) {
    this.file = file;
    this.layer = layer;
    this.arrays = arrays;
  }

  int count() {
    return arrays.size();
  }

  /** Some of the arrays, as those of one direction. */
  ArrayReader part(int from, int to) {
    return new ArrayReader(file, layer, arrays.subList(from, to));
  }

  /**
   * Fails unless there are so many.
   *
   * @param description of those that are expected
   */
  void requireCount(int count, String description) {
    if (arrays.size() != count) {
      throw wrong("expected %d arrays (%s), found %d", count, description, arrays.size());
    }
  }

  /** Sizes of array {@code i}, all at least 1. */
  List<Integer> shape(int i) {
    List<Integer> shape = arrays.get(i).shape();
    if (shape.contains(0)) {
      throw wrong("%s has the shape %s, without any number", shown(arrays.get(i).name()), shape);
    }
    return shape;
  }

  /** Rows of array {@code i}, which must have two dimensions. */
  int rows(int i, String description) {
    if (shape(i).size() != 2) {
      throw wrong("expected a %s of two dimensions, found the shape %s", description, shape(i));
    }
    return shape(i).getFirst();
  }

  /** Array {@code i} as a matrix; a vector is one row. */
  Matrix matrix(int i, String description, int rows, int cols) {
    List<Integer> shape = shape(i);
    boolean vector = rows == 1 && shape.equals(List.of(cols));
    if (!vector && !shape.equals(List.of(rows, cols))) {
      throw wrong(
          "expected a %s of shape %s, found %s; is it the file of another model?",
          description, rows == 1 ? List.of(cols) : List.of(rows, cols), shape);
    }
    float[] values = arrays.get(i).floats();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw wrong("its %s holds %s; did training diverge?", description, value);
      }
    }
    return Matrix.window(values, 0, rows, cols);
  }

  /** The weights are not those that the layer needs. */
  ModelFileException wrong(String problem, Object... arguments) {
    return new ModelFileException(
        file, "the layer %s: %s".formatted(shown(layer.name()), problem.formatted(arguments)));
  }
}
