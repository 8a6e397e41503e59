package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A recurrent module of PyTorch as a golden file describes it, and how its tensors become a {@link
 * GoldenCase}: those of a single cell, of one sequence without a batch, and batch-major ones all
 * take the one layout of a case.
 *
 * @param mode {@code LSTM}, {@code GRU}, {@code RNN_TANH} or {@code RNN_RELU}, with {@code _CELL}
 *     for a module of one step
 * @param projection size that outputs are projected to; 0: none
 */
record PyTorchModule(
    String mode,
    int hiddenSize,
    int layers,
    boolean bidirectional,
    boolean bias,
    boolean batchFirst,
    int projection) {
  private static final List<String> STATE = List.of("h", "c");
  private static final String ONE_STEP = "_CELL";
  private static final String GRADIENT = "grad.";
  private static final String UPSTREAM = "G_";

  /**
   * A case of this module.
   *
   * @param input as PyTorch takes it
   * @param others parameters, {@code h0}, {@code c0}, {@code output}, {@code h_n}, {@code c_n};
   *     with {@code G_} before the name the gradient that reaches a result, with {@code grad.} that
   *     of a parameter or an input
   * @param lengths of packed sequences; empty: all are as long as the input
   */
  GoldenCase toCase(
      String name, GoldenTensor input, Map<String, GoldenTensor> others, List<Integer> lengths) {
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    Map<String, GoldenTensor> initial = new LinkedHashMap<>();
    Map<String, GoldenTensor> upstream = new LinkedHashMap<>();
    Map<String, GoldenTensor> expected = new LinkedHashMap<>();
    others.forEach(
        (key, tensor) -> {
          if (key.startsWith(GRADIENT)) {
            String of = key.substring(GRADIENT.length());
            put(expected, GRADIENT, of, tensor);
          } else if (key.startsWith(UPSTREAM)) {
            String of = key.substring(UPSTREAM.length());
            put(upstream, "", of, tensor);
          } else {
            switch (key) {
              case "output", "h_n", "c_n" -> put(expected, "", key, tensor);
              case "h0", "c0" -> initial.put(key, caseLayout(key, tensor));
              default -> put(weights, "", key, tensor);
            }
          }
        });
    GoldenTensor steps = caseLayout("input", input); // [T, B, I]
    List<Integer> all = Collections.nCopies(steps.size(1), steps.size(0));
    int longest = steps.size(0);
    expected.computeIfPresent("output", (n, t) -> t.padded(longest));
    upstream.computeIfPresent("output", (n, t) -> t.padded(longest));
    return new GoldenCase(
        name,
        cells(steps.size(2)),
        bidirectional,
        weights,
        steps,
        GoldenCase.Edge.ofLengths(longest, lengths.isEmpty() ? all : lengths),
        initial(initial),
        upstream,
        expected,
        0);
  }

  /** One for each layer and direction. */
  private List<Cell> cells(int inputSize) {
    List<Cell> cells = new ArrayList<>();
    int features = inputSize;
    for (int layer = 0; layer < layers; layer++) {
      Cell cell = cell(features);
      for (int d = 0; d < directions(); d++) {
        cells.add(cell);
      }
      features = directions() * cell.outputSize();
    }
    return cells;
  }

  private Cell cell(int inputSize) {
    return switch (mode.replace(ONE_STEP, "")) {
      case "LSTM" ->
          projection > 0 ? projected(inputSize) : new LstmCell(inputSize, hiddenSize, bias);
      case "GRU" -> new GruCell(inputSize, hiddenSize, true, bias);
      case "RNN_TANH" -> new RnnCell(inputSize, hiddenSize, Activation.TANH, bias);
      case "RNN_RELU" -> new RnnCell(inputSize, hiddenSize, Activation.RELU, bias);
      default -> throw new IllegalStateException("PyTorch has no module " + mode);
    };
  }

  private Cell projected(int inputSize) {
    LstmVariant variant = bias ? LstmVariant.PLAIN : LstmVariant.PLAIN.withoutBias();
    return new LstmVariantCell(inputSize, hiddenSize, variant.withProjection(projection));
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  /** From h0 and c0, each [L·D, B, size], to the parts of each cell. */
  private List<List<GoldenTensor>> initial(Map<String, GoldenTensor> given) {
    List<List<GoldenTensor>> states = new ArrayList<>();
    for (int k = 0; !given.isEmpty() && k < layers * directions(); k++) {
      int cell = k;
      states.add(
          STATE.stream()
              .map(part -> given.get(part + "0"))
              .filter(Objects::nonNull)
              .map(t -> t.part(cell))
              .toList());
    }
    return states;
  }

  /**
   * Adds a tensor of all cells, [L·D, B, size], to {@code group} cell by cell.
   *
   * @param name {@code h_n} or {@code c_n}, {@code h0} or {@code c0}
   */
  private static void putCells(
      Map<String, GoldenTensor> group, String prefix, String name, GoldenTensor tensor) {
    for (int k = 0; k < tensor.size(0); k++) {
      String cell = "%s %d.%d".formatted(prefix, k, STATE.indexOf(name.substring(0, 1)));
      group.put(cell, tensor.part(k));
    }
  }

  private void put(
      Map<String, GoldenTensor> group, String prefix, String key, GoldenTensor tensor) {
    GoldenTensor laidOut = caseLayout(key, tensor);
    switch (key) {
      case "h_n", "c_n" -> putCells(group, prefix + "state", key, laidOut);
      case "h0", "c0" -> putCells(group, prefix + "initial", key, laidOut);
      default -> group.put(prefix + caseName(key), laidOut);
    }
  }

  private boolean isOneStep() {
    return mode.endsWith(ONE_STEP);
  }

  /** The parameters of a module of one step have no layer in their names. */
  private String caseName(String key) {
    return isOneStep() && isWeight(key) ? key + "_l0" : key;
  }

  private GoldenTensor caseLayout(String key, GoldenTensor tensor) {
    if (isWeight(key)) {
      return tensor;
    }
    if (isOneStep()) {
      return tensor.insert(0); // of time, or of the layer
    }
    if (tensor.shape().size() == 2) {
      return tensor.insert(1); // of the batch
    }
    boolean isSequence = key.equals("input") || key.equals("output");
    return batchFirst && isSequence ? tensor.transpose() : tensor;
  }

  private static boolean isWeight(String key) {
    return key.startsWith("weight") || key.startsWith("bias");
  }
}
