package dev.sluice.io.dialect;

import dev.sluice.matrix.Matrix;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of one cell as a framework stores them: its gate order, its orientation, its number of
 * biases. {@link Dialect#convert} makes them Sluice's.
 *
 * @param input weights of x, all gates side by side in the framework's order
 * @param recurrent the same for h
 * @param biases none, one, or two that are added; each one row
 * @param others by Sluice's names what has no gates to reorder, one row each, such as the peephole
 *     {@code weight_ci}; also {@code weight_hr}, the projection, in the framework's orientation
 */
public record StoredCell(
    Matrix input, Matrix recurrent, List<Matrix> biases, Map<String, Matrix> others) {
  /** Fails when there are more than two biases. */
  public StoredCell {
    biases = List.copyOf(biases);
    others = Map.copyOf(others);
    if (biases.size() > 2) {
      throw new IllegalArgumentException(
          "a cell has at most 2 biases, got %d".formatted(biases.size()));
    }
  }

  /** Without other weights. */
  public StoredCell(Matrix input, Matrix recurrent, List<Matrix> biases) {
    this(input, recurrent, biases, Map.of());
  }

  /**
   * From one kernel for both, as TF1 has it.
   *
   * @param kernel (inputs + state, gates): the rows of x above those of h
   * @throws IllegalArgumentException when the kernel has not more rows than inputs
   */
  public static StoredCell ofJoined(Matrix kernel, int inputSize, List<Matrix> biases) {
    if (kernel.rows <= inputSize) {
      throw new IllegalArgumentException(
          "a kernel for %d inputs and a state needs more than %d rows, got %s"
              .formatted(inputSize, inputSize, kernel));
    }
    return new StoredCell(
        kernel.rowRange(0, inputSize), kernel.rowRange(inputSize, kernel.rows), biases);
  }

  /** The columns of all, such as the matrices of single gates: one row count. */
  public static Matrix sideBySide(Matrix... parts) {
    Matrix all = Matrix.zeros(parts[0].rows, Arrays.stream(parts).mapToInt(m -> m.cols).sum());
    int from = 0;
    for (Matrix part : parts) {
      all.columnRange(from, from + part.cols).copyFrom(part);
      from += part.cols;
    }
    return all;
  }

  /** With one more weight by Sluice's name. */
  public StoredCell with(String name, Matrix weight) {
    Map<String, Matrix> more = new LinkedHashMap<>(others);
    more.put(name, weight);
    return new StoredCell(input, recurrent, biases, more);
  }
}
