package dev.sluice.cell;

import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * What cells with gates have in common: parameters in PyTorch's names and layout, the gates side by
 * side in one matrix, and windows of single gates.
 */
final class Gates {
  /** What who watches a tape is told the gates of all cells under. */
  static final String INPUT = "input";

  static final String FORGET = "forget";
  static final String OUTPUT = "output";
  static final String RESET = "reset";
  static final String UPDATE = "update";

  private Gates() {}

  /**
   * {@code weight_ih} (I, gates·H), {@code weight_hh} (R, gates·H) and, with {@code bias}, {@code
   * bias_ih} and {@code bias_hh} (gates·H), uniform in ±1/√H.
   *
   * @param recurrentSize R, width of what the step before handed on: H but for a projected LSTM
   */
  static List<ParameterSpec> parameters(
      String suffix, int inputSize, int recurrentSize, int hiddenSize, int gates, boolean bias) {
    Initializer uniform = uniform(hiddenSize);
    int width = Math.multiplyExact(gates, hiddenSize);
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(ParameterSpec.weight("weight_ih" + suffix, inputSize, width, uniform));
    specs.add(ParameterSpec.weight("weight_hh" + suffix, recurrentSize, width, uniform));
    if (bias) {
      specs.add(ParameterSpec.bias("bias_ih" + suffix, width, uniform));
      specs.add(ParameterSpec.bias("bias_hh" + suffix, width, uniform));
    }
    return specs;
  }

  /** Uniform in ±1/√H: how PyTorch starts every parameter of a recurrent layer. */
  static Initializer uniform(int hiddenSize) {
    return Initializer.uniform((float) (1 / Math.sqrt(hiddenSize)));
  }

  /** The {@code i}-th gate of {@code all}, a window {@code size} columns wide. */
  static Var gate(Var all, int i, int size) {
    return all.columnRange(i * size, (i + 1) * size);
  }

  /**
   * What the sums of all gates start from, (1, gates·H): b_ih + b_hh, or zero for a cell without.
   *
   * @param weights of a cell whose first are those of {@link #parameters}
   */
  static Var bias(List<Var> weights, boolean bias) {
    Var wIh = weights.getFirst();
    return bias ? weights.get(2).add(weights.get(3)) : zeros(wIh.tape(), wIh.cols());
  }

  /** A row of zeros, (1, size): what a sum without a bias starts from. */
  static Var zeros(Tape tape, int size) {
    return tape.constant(tape.zeros(1, size));
  }

  static void requireSizes(String cell, int inputSize, int hiddenSize) {
    if (inputSize < 1 || hiddenSize < 1) {
      throw new IllegalArgumentException(
          "%s needs at least 1 input and 1 hidden unit, got input %d, hidden %d"
              .formatted(cell, inputSize, hiddenSize));
    }
  }
}
