package dev.sluice.io.exchange;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.Tensor;
import dev.sluice.io.Weights;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a network as PyTorch's own modules, {@code nn.LSTM} and its kin, take them. A forget bias
 * that is added at run time becomes part of {@code bias_ih}; cells that PyTorch does not have are
 * refused, because their weights would load and compute something else.
 */
final class StateDictExport {
  private final List<Tensor> tensors;
  private final List<String> notes = new ArrayList<>();

  private StateDictExport(Network network) {
    Map<String, Float> forgetBiases = new HashMap<>();
    for (RecurrentLayer layer : network.recurrentLayers()) {
      forgetBiases.putAll(forgetBiases(layer));
    }
    tensors =
        Weights.tensors(network.parameters()).stream()
            .map(tensor -> withForgetBias(tensor, forgetBiases.getOrDefault(tensor.name(), 0f)))
            .toList();
    forgetBiases.forEach(
        (name, added) ->
            notes.add(
                "the forget bias of %s, which is added at run time, is now part of %s"
                    .formatted(added, name)));
  }

  /**
   * The weights of {@code network}.
   *
   * @throws IllegalArgumentException when PyTorch has no module that computes one of its cells
   */
  static StateDictExport of(Network network) {
    return new StateDictExport(network);
  }

  List<Tensor> tensors() {
    return tensors;
  }

  /** What is different in the file. */
  List<String> notes() {
    return notes;
  }

  /** By the name of the bias that takes it up, the forget bias of each cell that has one. */
  private static Map<String, Float> forgetBiases(RecurrentLayer layer) {
    Map<String, Float> biases = new HashMap<>();
    List<Cell> cells = layer.recurrent().cells();
    int directions = layer.recurrent().bidirectional() ? 2 : 1;
    for (int i = 0; i < cells.size(); i++) {
      float added = forgetBias(layer.name(), cells.get(i));
      if (added != 0) {
        String own =
            "bias_ih_l%d%s".formatted(i / directions, i % directions == 0 ? "" : "_reverse");
        biases.put(layer.name().isEmpty() ? own : layer.name() + "." + own, added);
      }
    }
    return biases;
  }

  /** What the cell adds at run time; fails when it differs from PyTorch's in anything else. */
  private static float forgetBias(String layer, Cell cell) {
    boolean known =
        switch (cell) {
          case LstmCell lstm -> true;
          case GruCell gru ->
              gru.resetAfter()
                  && gru.gate().equals(Activation.SIGMOID)
                  && gru.candidate().equals(Activation.TANH);
          case RnnCell rnn -> List.of(Activation.TANH, Activation.RELU).contains(rnn.activation());
          case LstmVariantCell lstm -> isPlain(lstm.variant());
          default -> false;
        };
    if (!known) {
      throw new IllegalArgumentException(
          "%s: PyTorch has no module that computes this %s; export to onnx, or keep the model directory"
              .formatted(layer, cell.name()));
    }
    return cell instanceof LstmVariantCell lstm ? lstm.variant().forgetBias() : 0;
  }

  /** Whether nothing but projection, bias and forget bias is special; a forget bias needs a bias. */
  private static boolean isPlain(LstmVariant variant) {
    LstmVariant plain = variant.bias() ? LstmVariant.PLAIN : LstmVariant.PLAIN.withoutBias();
    return variant.equals(
        plain
            .withForgetBias(variant.bias() ? variant.forgetBias() : 0)
            .withProjection(variant.projectionSize())
            .withCandidateDropout(variant.candidateDropout()));
  }

  private static Tensor withForgetBias(Tensor bias, float added) {
    if (added == 0) {
      return bias;
    }
    float[] numbers = bias.data().clone();
    int units = numbers.length / 4; // i f g o
    for (int u = units; u < 2 * units; u++) {
      numbers[u] += added;
    }
    return new Tensor(bias.name(), bias.shape(), numbers);
  }
}
