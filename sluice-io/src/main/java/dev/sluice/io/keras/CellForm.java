package dev.sluice.io.keras;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.Tensor;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cell as an LSTM, GRU or SimpleRNN of Keras 3: the opposite of {@link RecurrentCell}. Two biases become
 * their sum where Keras has one, and a forget bias that is added at run time is added to it.
 *
 * @param kind of the layer
 * @param settings of the cell
 * @param arrays kernel, recurrent_kernel, bias
 * @param unsayable settings that Keras 3 does not have
 */
record CellForm(String kind, ObjectNode settings, List<Tensor> arrays, List<String> unsayable) {
  /**
   * Translates one cell.
   *
   * @param layer for messages
   * @param weights by the names and in the layout of {@link Cell#parameters}
   * @throws IllegalArgumentException when Keras has no such cell
   */
  static CellForm of(String layer, Cell cell, Map<String, Matrix> weights) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    List<String> unsayable = new ArrayList<>();
    StoredCell stored = Dialect.KERAS.store(cell, weights);
    boolean twoBiases = false;
    String kind;
    switch (cell) {
      case LstmCell lstm -> {
        kind = "LSTM";
        setActivations(settings, unsayable, Activation.TANH, Activation.SIGMOID);
      }
      case LstmVariantCell lstm -> {
        kind = "LSTM";
        LstmVariant variant = lstm.variant();
        requireSayable(layer, variant);
        setActivations(settings, unsayable, variant.candidate(), variant.gate());
        stored = withForgetBias(stored, variant.forgetBias());
      }
      case GruCell gru -> {
        kind = "GRU";
        setActivations(settings, unsayable, gru.candidate(), gru.gate());
        settings.put("reset_after", gru.resetAfter());
        twoBiases = gru.resetAfter();
      }
      case RnnCell rnn -> {
        kind = "SimpleRNN";
        settings.put("activation", name(rnn.activation(), unsayable));
      }
      default ->
          throw new IllegalArgumentException(
              "%s: Keras has no layer for a %s".formatted(layer, cell.name()));
    }
    settings.put("units", stored.recurrent().rows);
    settings.put("use_bias", !stored.biases().isEmpty());
    return new CellForm(kind, settings, arrays(stored, twoBiases), unsayable);
  }

  private static void setActivations(
      ObjectNode settings, List<String> unsayable, Activation activation, Activation gate) {
    settings.put("activation", name(activation, unsayable));
    settings.put("recurrent_activation", name(gate, unsayable));
  }

  private static String name(Activation activation, List<String> unsayable) {
    return ActivationNames.toKeras(activation)
        .orElseGet(
            () -> {
              unsayable.add("the activation " + activation);
              return "";
            });
  }

  private static void requireSayable(String layer, LstmVariant variant) {
    boolean sayable =
        !variant.peepholes()
            && variant.coupling() == Coupling.NONE
            && variant.projectionSize() == 0
            && variant.cellClip() == Float.POSITIVE_INFINITY
            && variant.projectionClip() == Float.POSITIVE_INFINITY
            && variant.candidate().equals(variant.output());
    if (!sayable) {
      throw new IllegalArgumentException(
          ("%s: Keras's LSTM has no peepholes, coupled gates, projection or clipping, and one"
                  + " activation for candidate and output")
              .formatted(layer));
    }
  }

  private static StoredCell withForgetBias(StoredCell stored, float forgetBias) {
    if (forgetBias == 0) {
      return stored;
    }
    int width = stored.recurrent().cols;
    Matrix first = stored.biases().isEmpty() ? Matrix.zeros(1, width) : stored.biases().getFirst();
    Matrix bias = first.copy();
    int units = width / 4;
    for (int c = units; c < 2 * units; c++) { // i f c o
      bias.set(0, c, bias.get(0, c) + forgetBias);
    }
    List<Matrix> biases = new ArrayList<>(List.of(bias));
    stored.biases().stream().skip(1).forEach(biases::add);
    return new StoredCell(stored.input(), stored.recurrent(), biases);
  }

  private static List<Tensor> arrays(StoredCell stored, boolean twoBiases) {
    List<Tensor> arrays = new ArrayList<>();
    arrays.add(tensor("kernel", stored.input()));
    arrays.add(tensor("recurrent_kernel", stored.recurrent()));
    List<Matrix> biases = stored.biases();
    if (!biases.isEmpty()) {
      int width = stored.recurrent().cols;
      Matrix bias = Matrix.zeros(twoBiases ? 2 : 1, width);
      for (int i = 0; i < biases.size(); i++) {
        for (int c = 0; c < width; c++) {
          int row = twoBiases ? i : 0;
          bias.set(row, c, bias.get(row, c) + biases.get(i).get(0, c));
        }
      }
      arrays.add(
          twoBiases ? tensor("bias", bias) : new Tensor("bias", List.of(width), bias.toArray()));
    }
    return arrays;
  }

  private static Tensor tensor(String name, Matrix m) {
    return new Tensor(name, List.of(m.rows, m.cols), m.toArray());
  }
}
