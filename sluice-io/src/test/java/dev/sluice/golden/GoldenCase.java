package dev.sluice.golden;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * One case of a golden set in the form that all sets share, whatever their files look like: readers
 * turn gate orders, orientations, names and batch-major layouts into those of PyTorch, time-major,
 * with a batch axis.
 *
 * <p>T steps, B sequences, I inputs, H hidden units, L layers, D directions.
 *
 * @param name unique in its set
 * @param cell what is computed, such as {@code LSTM} or {@code RNN_RELU}; {@link GoldenRun} knows
 *     which there are
 * @param hiddenSize H
 * @param layers L
 * @param bidirectional whether D is 2
 * @param bias whether there are biases
 * @param weights by PyTorch's names, in PyTorch's shapes
 * @param input [T, B, I]
 * @param lengths of the sequences, B of them
 * @param initial {@code h0}, and {@code c0} for an LSTM, each [L·D, B, H]; empty: zeros
 * @param upstream gradients that reach {@code output}, {@code h_n} and {@code c_n}; empty: the case
 *     has no gradients
 * @param expected {@code output} [longest length, B, D·H], zero behind the end of a sequence;
 *     {@code h_n}, {@code c_n} [L·D, B, H]; {@code grad.NAME}, the gradient of a weight, {@code
 *     input}, {@code h0} or {@code c0}; what is not there is not compared
 */
record GoldenCase(
    String name,
    String cell,
    int hiddenSize,
    int layers,
    boolean bidirectional,
    boolean bias,
    Map<String, GoldenTensor> weights,
    GoldenTensor input,
    List<Integer> lengths,
    Map<String, GoldenTensor> initial,
    Map<String, GoldenTensor> upstream,
    Map<String, GoldenTensor> expected) {

  int directions() {
    return bidirectional ? 2 : 1;
  }

  /** With each weight replaced by {@code change} of its name and value. */
  GoldenCase withWeights(BiFunction<String, GoldenTensor, GoldenTensor> change) {
    Map<String, GoldenTensor> changed = new LinkedHashMap<>(weights);
    changed.replaceAll(change);
    return new GoldenCase(
        name,
        cell,
        hiddenSize,
        layers,
        bidirectional,
        bias,
        changed,
        input,
        lengths,
        initial,
        upstream,
        expected);
  }

  /** Without gradients. */
  GoldenCase forwardOnly() {
    Map<String, GoldenTensor> values = new LinkedHashMap<>(expected);
    values.keySet().removeIf(n -> n.startsWith("grad."));
    return new GoldenCase(
        name,
        cell,
        hiddenSize,
        layers,
        bidirectional,
        bias,
        weights,
        input,
        lengths,
        initial,
        Map.of(),
        values);
  }

  @Override
  public String toString() {
    return name;
  }
}
