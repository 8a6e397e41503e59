package dev.sluice.io.onnx;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights of one layer as the inputs of ONNX's operators: in each array those of the forward direction,
 * then those of the backward one. D directions, G gates, H units, I inputs.
 */
final class CellWeights {
  private static final List<String> PEEPHOLES = List.of("weight_ci", "weight_co", "weight_cf");
  private static final int FORGET_GATE = 2; // in i o f c

  private final List<StoredCell> directions = new ArrayList<>();
  private final int hiddenSize;

  CellWeights(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  /** Adds the next direction; {@code weights} are by the names and in the layout of {@link Cell#parameters}. */
  void add(Cell cell, Map<String, Matrix> weights) {
    StoredCell stored = Dialect.ONNX.store(cell, weights);
    float forgetBias = cell instanceof LstmVariantCell lstm ? lstm.variant().forgetBias() : 0;
    directions.add(forgetBias == 0 ? stored : withForgetBias(stored, forgetBias));
  }

  /** H. */
  int hiddenSize() {
    return hiddenSize;
  }

  /** G·H. */
  int width() {
    return directions.getFirst().input().rows;
  }

  boolean hasBias() {
    return directions.stream().anyMatch(d -> !d.biases().isEmpty());
  }

  boolean hasPeepholes() {
    return directions.stream().anyMatch(d -> !d.others().isEmpty());
  }

  /** W, [D, G·H, I]. */
  float[] input() {
    return joined(d -> List.of(d.input()));
  }

  /** R, [D, G·H, H]. */
  float[] recurrent() {
    return joined(d -> List.of(d.recurrent()));
  }

  /** B, [D, 2·G·H]. */
  float[] bias() {
    return joined(d -> d.biases().isEmpty() ? List.of(zeros(d), zeros(d)) : d.biases());
  }

  /** P, [D, 3·H], in the order i o f. */
  float[] peepholes() {
    return joined(
        d ->
            PEEPHOLES.stream()
                .map(name -> d.others().getOrDefault(name, Matrix.zeros(1, hiddenSize)))
                .toList());
  }

  private float[] joined(Function<StoredCell, List<Matrix>> parts) {
    List<Matrix> all = directions.stream().flatMap(d -> parts.apply(d).stream()).toList();
    float[] joined =
        new float[all.stream().mapToInt(m -> m.rows * m.cols).reduce(0, Math::addExact)];
    int at = 0;
    for (Matrix part : all) {
      Matrix.window(joined, at, part.rows, part.cols).copyFrom(part);
      at += part.rows * part.cols;
    }
    return joined;
  }

  /** ONNX adds nothing at run time, so what is added goes into the bias. */
  private StoredCell withForgetBias(StoredCell stored, float added) {
    Matrix bias = stored.biases().isEmpty() ? zeros(stored) : stored.biases().getFirst().copy();
    Matrix other = stored.biases().size() < 2 ? zeros(stored) : stored.biases().get(1);
    Matrix gate = bias.columnRange(FORGET_GATE * hiddenSize, (FORGET_GATE + 1) * hiddenSize);
    for (int c = 0; c < gate.cols; c++) {
      gate.set(0, c, gate.get(0, c) + added);
    }
    return new StoredCell(
        stored.input(), stored.recurrent(), List.of(bias, other), stored.others());
  }

  private static Matrix zeros(StoredCell stored) {
    return Matrix.zeros(1, stored.input().rows);
  }
}
