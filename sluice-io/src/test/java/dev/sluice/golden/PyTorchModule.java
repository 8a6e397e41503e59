package dev.sluice.golden;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
            expected.put(GRADIENT + caseName(of), caseLayout(of, tensor));
          } else if (key.startsWith(UPSTREAM)) {
            String of = key.substring(UPSTREAM.length());
            upstream.put(of, caseLayout(of, tensor));
          } else {
            Map<String, GoldenTensor> group =
                switch (key) {
                  case "output", "h_n", "c_n" -> expected;
                  case "h0", "c0" -> initial;
                  default -> weights;
                };
            group.put(caseName(key), caseLayout(key, tensor));
          }
        });
    GoldenTensor steps = caseLayout("input", input); // [T, B, I]
    return new GoldenCase(
        name,
        cell(),
        hiddenSize,
        layers,
        bidirectional,
        bias,
        weights,
        steps,
        lengths.isEmpty() ? Collections.nCopies(steps.size(1), steps.size(0)) : lengths,
        initial,
        upstream,
        expected);
  }

  private String cell() {
    return mode.replace(ONE_STEP, "") + (projection > 0 ? " with projection" : "");
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
