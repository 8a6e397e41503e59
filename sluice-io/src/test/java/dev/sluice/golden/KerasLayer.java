package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.layer.MergeMode;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A recurrent layer of Keras with its weights.
 *
 * @param kind {@code LSTM}, {@code GRU} or {@code SimpleRNN}
 * @param variables {@code kernel}, {@code recurrent_kernel} and maybe {@code bias}
 * @param activation of the candidate, and of c on its way to h
 * @param gate Keras's {@code recurrent_activation}
 */
record KerasLayer(
    String kind,
    Map<String, GoldenTensor> variables,
    Activation activation,
    Activation gate,
    boolean resetAfter) {
  Cell cell() {
    GoldenTensor recurrent = Objects.requireNonNull(variables.get("recurrent_kernel"));
    int inputs = Objects.requireNonNull(variables.get("kernel")).size(0);
    int units = recurrent.size(0);
    boolean bias = variables.containsKey("bias");
    LstmVariant lstm = LstmVariant.PLAIN.withActivations(gate, activation, activation);
    return switch (kind.replace("Cell", "")) {
      case "LSTM" -> new LstmVariantCell(inputs, units, bias ? lstm : lstm.withoutBias());
      case "GRU" -> new GruCell(inputs, units, resetAfter, bias, gate, activation);
      case "SimpleRNN" -> new RnnCell(inputs, units, activation, bias);
      default -> throw new IllegalStateException("a layer unknown here: " + kind);
    };
  }

  Map<String, GoldenTensor> weights(String suffix) {
    List<Matrix> biases = new ArrayList<>();
    if (variables.containsKey("bias")) {
      Matrix bias = Objects.requireNonNull(variables.get("bias")).toMatrix(); // one or two rows
      for (int r = 0; r < bias.rows; r++) {
        biases.add(bias.rowRange(r, r + 1));
      }
    }
    StoredCell stored = new StoredCell(matrix("kernel"), matrix("recurrent_kernel"), biases);
    return GoldenWeights.convert(Dialect.KERAS, stored, cell(), suffix);
  }

  private Matrix matrix(String name) {
    return Objects.requireNonNull(variables.get(name)).toMatrix();
  }

  /** The weights of the two directions of one layer. */
  static Map<String, GoldenTensor> weights(List<KerasLayer> directions) {
    Map<String, GoldenTensor> weights = new LinkedHashMap<>(directions.getFirst().weights("_l0"));
    if (directions.size() == 2) {
      weights.putAll(directions.getLast().weights("_l0_reverse"));
    }
    return weights;
  }

  /** By Keras's name. Without merging, {@code none}, the directions are compared one by one. */
  static MergeMode merge(String name) {
    return switch (name) {
      case "sum" -> MergeMode.SUM;
      case "mul" -> MergeMode.MULTIPLY;
      case "ave" -> MergeMode.AVERAGE;
      case "concat", "none" -> MergeMode.CONCAT;
      default -> throw new IllegalStateException("a merge mode unknown here: " + name);
    };
  }
}
