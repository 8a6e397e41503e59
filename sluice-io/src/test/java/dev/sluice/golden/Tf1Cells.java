package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Cells of TF1 with their weights, by the names of TF1's variables: {@code kernel}, {@code bias}, {@code
 * gates/kernel}, {@code w_i_diag}, {@code projection/kernel}, and the capital ones of the coupled cell.
 */
final class Tf1Cells {
  /** A cell and its weights as stored. */
  record Loaded(Cell cell, StoredCell stored) {
    Map<String, GoldenTensor> weights(String suffix) {
      return GoldenWeights.convert(Dialect.TF1, stored, cell, suffix);
    }
  }

  private static final Map<String, String> PEEPHOLES =
      Map.of(
          "w_i_diag", "weight_ci",
          "w_f_diag", "weight_cf",
          "w_o_diag", "weight_co",
          "W_F_diag", "weight_cf",
          "W_O_diag", "weight_co");

  private Tf1Cells() {}

  /** {@code BasicRNNCell}. */
  static Loaded rnn(Map<String, GoldenTensor> variables, Activation activation) {
    Matrix kernel = get(variables, "kernel");
    int inputs = kernel.rows - kernel.cols;
    return new Loaded(
        new RnnCell(inputs, kernel.cols, activation, true),
        StoredCell.ofJoined(kernel, inputs, List.of(get(variables, "bias"))));
  }

  /** {@code GRUCell} and its block variants. */
  static Loaded gru(Map<String, GoldenTensor> variables, Activation activation) {
    Matrix candidate = get(variables, "candidate/kernel");
    int inputs = candidate.rows - candidate.cols;
    Matrix kernel = StoredCell.sideBySide(get(variables, "gates/kernel"), candidate);
    Matrix bias =
        StoredCell.sideBySide(get(variables, "gates/bias"), get(variables, "candidate/bias"));
    return new Loaded(
        new GruCell(inputs, candidate.cols, false, true, Activation.SIGMOID, activation),
        StoredCell.ofJoined(kernel, inputs, List.of(bias)));
  }

  /**
   * {@code LSTMCell} and its kin.
   *
   * @param variant all that the variables do not tell
   */
  static Loaded lstm(Map<String, GoldenTensor> variables, LstmVariant variant) {
    int gates = variant.coupling() == Coupling.NONE ? 4 : 3;
    Matrix kernel = get(variables, variables.containsKey("W") ? "W" : "kernel");
    Matrix bias = get(variables, variables.containsKey("B") ? "B" : "bias");
    int hidden = kernel.cols / gates;
    LstmVariant full = variant;
    List<String> diagonals = new ArrayList<>(PEEPHOLES.keySet());
    diagonals.retainAll(variables.keySet());
    if (!diagonals.isEmpty()) {
      full = full.withPeepholes();
    }
    int recurrent = hidden;
    if (variables.containsKey("projection/kernel")) {
      recurrent = get(variables, "projection/kernel").cols;
      full = full.withProjection(recurrent);
    }
    int inputs = kernel.rows - recurrent;
    StoredCell stored = StoredCell.ofJoined(kernel, inputs, List.of(bias));
    for (String diagonal : diagonals) {
      stored =
          stored.with(Objects.requireNonNull(PEEPHOLES.get(diagonal)), get(variables, diagonal));
    }
    if (full.projectionSize() > 0) {
      stored = stored.with("weight_hr", get(variables, "projection/kernel"));
    }
    return new Loaded(new LstmVariantCell(inputs, hidden, full), stored);
  }

  private static Matrix get(Map<String, GoldenTensor> variables, String name) {
    return Objects.requireNonNull(variables.get(name), name).toMatrix();
  }
}
