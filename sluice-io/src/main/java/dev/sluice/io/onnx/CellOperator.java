package dev.sluice.io.onnx;

import static dev.sluice.io.onnx.GraphWriter.attribute;
import static dev.sluice.io.onnx.GraphWriter.floatsAttribute;
import static dev.sluice.io.onnx.GraphWriter.stringsAttribute;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.protobuf.ProtoWriter;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * ONNX's operator for a cell, but for its weights (see {@link CellWeights}). What ONNX cannot say is refused
 * here.
 *
 * @param name LSTM, GRU or RNN
 * @param hiddenSize units
 * @param flag an attribute that is 1, only this operator's; {@code ""} for none
 * @param activations in ONNX's order: f, g and h
 */
record CellOperator(String name, int hiddenSize, String flag, List<Activation> activations) {
  private static final List<Activation> LSTM_DEFAULT =
      List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH);

  /**
   * The operator for {@code cell}.
   *
   * @param layer for messages
   * @throws IllegalArgumentException when there is none
   */
  static CellOperator of(String layer, Cell cell) {
    return switch (cell) {
      case LstmCell lstm -> new CellOperator("LSTM", lstm.hiddenSize(), "", LSTM_DEFAULT);
      case LstmVariantCell lstm -> lstm(layer, lstm.hiddenSize(), lstm.variant());
      case GruCell gru ->
          new CellOperator(
              "GRU",
              gru.hiddenSize(),
              gru.resetAfter() ? "linear_before_reset" : "",
              List.of(gru.gate(), gru.candidate()));
      case RnnCell rnn -> new CellOperator("RNN", rnn.hiddenSize(), "", List.of(rnn.activation()));
      default -> throw unsayable(layer, "a cell of the kind " + cell.name());
    };
  }

  /**
   * The attributes of the node that runs one layer.
   *
   * @param directions one, or forward and backward
   * @throws IllegalArgumentException when ONNX cannot run them together
   */
  static ProtoWriter[] attributes(String layer, List<CellOperator> directions, boolean reverse) {
    CellOperator first = directions.getFirst();
    for (CellOperator other : directions) {
      if (!other.name.equals(first.name)
          || other.hiddenSize != first.hiddenSize
          || !other.flag.equals(first.flag)) {
        throw unsayable(layer, "directions that differ in more than their activations");
      }
    }
    List<ProtoWriter> attributes = new ArrayList<>();
    attributes.add(attribute("hidden_size", first.hiddenSize));
    if (directions.size() == 2) {
      attributes.add(attribute("direction", "bidirectional"));
    } else if (reverse) {
      attributes.add(attribute("direction", "reverse"));
    }
    if (!first.flag.isEmpty()) {
      attributes.add(attribute(first.flag, 1));
    }
    if (!directions.stream().allMatch(CellOperator::hasDefaultActivations)) {
      addActivations(layer, directions, attributes);
    }
    return attributes.toArray(ProtoWriter[]::new);
  }

  static IllegalArgumentException unsayable(String layer, String what) {
    return new IllegalArgumentException(
        "%s: ONNX has no operator for %s; keep such a model as safetensors".formatted(layer, what));
  }

  private static CellOperator lstm(String layer, int hiddenSize, LstmVariant variant) {
    if (variant.projectionSize() > 0) {
      throw unsayable(layer, "an LSTM with a projection");
    }
    if (variant.cellClip() != Float.POSITIVE_INFINITY) {
      throw unsayable(layer, "an LSTM that clips its c");
    }
    if (variant.coupling() == Coupling.INPUT_FROM_FORGET) {
      throw unsayable(layer, "an LSTM whose input gate is 1 minus its forget gate");
    }
    boolean coupled = variant.coupling() == Coupling.FORGET_FROM_INPUT;
    return new CellOperator(
        "LSTM",
        hiddenSize,
        coupled ? "input_forget" : "",
        List.of(variant.gate(), variant.candidate(), variant.output()));
  }

  private boolean hasDefaultActivations() {
    List<Activation> usual =
        switch (name) {
          case "LSTM" -> LSTM_DEFAULT;
          case "GRU" -> List.of(Activation.SIGMOID, Activation.TANH);
          default -> List.of(Activation.TANH);
        };
    return activations.equals(usual);
  }

  /**
   * To what inputs of activations are clipped: all of them, but that of h of an LSTM. The specification does
   * not exclude that one, ONNX Runtime does.
   */
  private float clip(String layer) {
    float limit = activations.getFirst().inputLimit();
    for (int i = 0; i < activations.size(); i++) {
      float expected = i < 2 ? limit : Float.POSITIVE_INFINITY;
      if (activations.get(i).inputLimit() != expected) {
        throw unsayable(layer, "activations whose inputs are clipped to different limits");
      }
    }
    return limit;
  }

  private static void addActivations(
      String layer, List<CellOperator> directions, List<ProtoWriter> attributes) {
    List<Activation> activations =
        directions.stream().flatMap(d -> d.activations.stream()).toList();
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    attributes.add(
        stringsAttribute(
            "activations",
            activations.stream().map(a -> ActivationNames.toOnnx(a, alphas, betas)).toList()));
    if (!alphas.isEmpty()) {
      attributes.add(floatsAttribute("activation_alpha", alphas));
    }
    if (!betas.isEmpty()) {
      attributes.add(floatsAttribute("activation_beta", betas));
    }
    float limit = directions.getFirst().clip(layer);
    if (limit != directions.getLast().clip(layer)) {
      throw unsayable(layer, "directions that clip the inputs of activations differently");
    }
    if (limit != Float.POSITIVE_INFINITY) {
      attributes.add(attribute("clip", limit));
    }
  }
}
