package dev.sluice.io.keras;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The cell of one LSTM, GRU or SimpleRNN, and its weights in the order of {@link
 * dev.sluice.io.dialect.Dialect#KERAS}, from any of the forms in which Keras stores them:
 *
 * <pre>
 *   kernel [in, gates·units], recurrent kernel [units, gates·units], bias [gates·units]
 *   reset_after: bias [2, 3·units], of x and of h
 *   CuDNN:       bias [2·gates·units], of x and of h, which an LSTM adds; each gate of the kernel is [units, in] in memory,
 *                each of the recurrent kernel transposed
 *   Keras 1:     W, U and b of each gate: i, c, f, o or z, r, h
 * </pre>
 *
 * @param cell of the sizes that the arrays have
 * @param stored its weights
 */
record RecurrentCell(Cell cell, StoredCell stored) {
  /** The layers it reads; those of CuDNN also as LSTM and GRU. */
  static final Set<String> KINDS = Set.of("LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU");

  private static final String ARRAYS = "kernel, recurrent kernel, bias";
  private static final int[] KERAS_1_LSTM = {0, 2, 1, 3}; // of i c f o to i f c o
  private static final int[] KERAS_1_GRU = {0, 1, 2};

  static RecurrentCell read(LayerConfig layer, ArrayReader arrays, boolean keras3) {
    int gates = layer.kind().endsWith("LSTM") ? 4 : layer.kind().endsWith("GRU") ? 3 : 1;
    StoredCell stored =
        gates > 1 && arrays.count() == 3 * gates
            ? separate(arrays, gates == 4 ? KERAS_1_LSTM : KERAS_1_GRU)
            : joined(layer, arrays, gates);
    int units = stored.recurrent().rows;
    if (layer.size("units", "output_dim") != units) {
      throw arrays.wrong(
          "it has %d units, but the recurrent kernel is one of %d; is it the file of another"
              + " model?",
          layer.size("units", "output_dim"), units);
    }
    requireReset(layer, arrays, stored);
    return new RecurrentCell(cell(layer, stored, keras3), stored);
  }

  /** A GRU has a second bias if and only if its reset gate comes after the recurrent product. */
  private static void requireReset(LayerConfig layer, ArrayReader arrays, StoredCell stored) {
    boolean after = resetAfter(layer);
    if (layer.kind().endsWith("GRU")
        && !stored.biases().isEmpty()
        && after != (stored.biases().size() == 2)) {
      throw arrays.wrong(
          "reset_after is %s, but its bias is that of a GRU where it is %s", after, !after);
    }
  }

  private static Cell cell(LayerConfig layer, StoredCell stored, boolean keras3) {
    int inputs = stored.input().rows;
    int units = stored.recurrent().rows;
    boolean bias = !stored.biases().isEmpty();
    Activation activation = activation(layer, keras3, "tanh", "activation");
    if (layer.kind().equals("SimpleRNN")) {
      return new RnnCell(inputs, units, activation, bias);
    }
    String usual = keras3 || layer.kind().startsWith("CuDNN") ? "sigmoid" : "hard_sigmoid";
    Activation gate = activation(layer, keras3, usual, "recurrent_activation", "inner_activation");
    if (layer.kind().endsWith("GRU")) {
      return new GruCell(inputs, units, resetAfter(layer), bias, gate, activation);
    }
    if (gate.equals(Activation.SIGMOID) && activation.equals(Activation.TANH)) {
      return new LstmCell(inputs, units, bias);
    }
    LstmVariant variant = LstmVariant.PLAIN.withActivations(gate, activation, activation);
    return new LstmVariantCell(inputs, units, bias ? variant : variant.withoutBias());
  }

  private static boolean resetAfter(LayerConfig layer) {
    return layer.flag(layer.kind().equals("CuDNNGRU"), "reset_after");
  }

  private static Activation activation(
      LayerConfig layer, boolean keras3, String otherwise, String... keys) {
    try {
      return ActivationNames.keras(layer.text(otherwise, keys), keras3);
    } catch (IllegalArgumentException e) {
      throw layer.unsupported("%s", String.valueOf(e.getMessage()));
    }
  }

  private static StoredCell joined(LayerConfig layer, ArrayReader arrays, int gates) {
    boolean bias = layer.flag(true, "use_bias");
    arrays.requireCount(bias ? 3 : 2, bias ? ARRAYS : "kernel, recurrent kernel");
    int inputs = arrays.rows(0, "kernel");
    int units = arrays.rows(1, "recurrent kernel");
    int width = Math.multiplyExact(gates, units);
    Matrix kernel = arrays.matrix(0, "kernel", inputs, width);
    Matrix recurrent = arrays.matrix(1, "recurrent kernel", units, width);
    if (!bias) {
      return new StoredCell(kernel, recurrent, List.of());
    }
    if (arrays.shape(2).equals(List.of(2, width)) && gates == 3) {
      Matrix both = arrays.matrix(2, "bias", 2, width);
      return new StoredCell(kernel, recurrent, List.of(both.rowRange(0, 1), both.rowRange(1, 2)));
    }
    if (arrays.shape(2).equals(List.of(2 * width)) && gates > 1) {
      Matrix both = arrays.matrix(2, "bias", 1, 2 * width);
      Matrix ofX = both.columnRange(0, width);
      Matrix ofH = both.columnRange(width, 2 * width);
      return new StoredCell(
          fromCudnn(kernel, gates, inputs),
          fromCudnn(recurrent, gates, units),
          gates == 4 ? List.of(sum(ofX, ofH)) : List.of(ofX, ofH)); // as Keras converts them
    }
    return new StoredCell(kernel, recurrent, List.of(arrays.matrix(2, "bias", 1, width)));
  }

  private static Matrix sum(Matrix a, Matrix b) {
    Matrix sum = Matrix.zeros(1, a.cols);
    for (int c = 0; c < a.cols; c++) {
      sum.set(0, c, a.get(0, c) + b.get(0, c));
    }
    return sum;
  }

  /** Each gate, (rows, units) by its shape, is (units, rows) in memory. */
  private static Matrix fromCudnn(Matrix m, int gates, int rows) {
    int units = m.cols / gates;
    Matrix result = Matrix.zeros(rows, m.cols);
    for (int gate = 0; gate < gates; gate++) {
      for (int i = 0; i < rows * units; i++) {
        float value = m.get(i / units, gate * units + i % units);
        result.set(i % rows, gate * units + i / rows, value);
      }
    }
    return result;
  }

  /**
   * W, U and b of each gate.
   *
   * @param order for each gate in Keras's later order, where it is
   */
  private static StoredCell separate(ArrayReader arrays, int... order) {
    int inputs = arrays.rows(0, "W");
    int units = arrays.rows(1, "U");
    List<Matrix> kernels = new ArrayList<>();
    List<Matrix> recurrents = new ArrayList<>();
    List<Matrix> biases = new ArrayList<>();
    for (int gate : order) {
      kernels.add(arrays.matrix(3 * gate, "W", inputs, units));
      recurrents.add(arrays.matrix(3 * gate + 1, "U", units, units));
      biases.add(arrays.matrix(3 * gate + 2, "b", 1, units));
    }
    return new StoredCell(sideBySide(kernels), sideBySide(recurrents), List.of(sideBySide(biases)));
  }

  private static Matrix sideBySide(List<Matrix> parts) {
    return StoredCell.sideBySide(parts.toArray(Matrix[]::new));
  }
}
