package dev.sluice.model;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.StepKernels;
import dev.sluice.kernel.StepWeights;
import dev.sluice.layer.Dense;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import java.util.List;

/**
 * Chooses what runs each layer of a {@link StreamingModel}, and packs its weights for that: the step
 * kernels where the cell has a kernel for sequences and they know its formula too, else the formula.
 *
 * @param parameters all weights, those in bfloat16 already rounded
 */
record StreamLayers(Backend backend, StepKernels kernels, Parameters parameters, boolean bfloat16) {
  /**
   * A recurrent layer.
   *
   * @param input where in the memory of a session its input is found
   * @param at where its own memory begins
   * @param names of its weights, in the order of {@link Cell#parameters}
   */
  StreamLayer cell(int input, int at, Cell cell, List<String> names) {
    return switch (cell) {
      case LstmCell _ -> lstm(input, at, cell, 0, names);
      case LstmVariantCell(_, _, var variant) when cell.kernel().isPresent() ->
          lstm(input, at, cell, variant.forgetBias(), names);
      case GruCell _ when cell.kernel().isPresent() -> gru(input, at, cell, names);
      case RnnCell(_, _, var activation, _) when isStepped(activation) ->
          rnn(input, at, cell, activation, names);
      default -> new FormulaStream(input, at, cell, names, backend, parameters);
    };
  }

  StreamLayer head(int input, int at, Dense dense) {
    StepWeights weights =
        kernels.pack(1, value(dense.name() + ".bias"), value(dense.name() + ".weight"), bfloat16);
    return new DenseStream(input, at, dense.in(), dense.out(), kernels, weights);
  }

  private StreamLayer lstm(int input, int at, Cell cell, float forgetBias, List<String> names) {
    return new LstmStream(
        input,
        at,
        cell.inputSize(),
        cell.outputSize(),
        forgetBias,
        kernels,
        kernels.pack(4, biasSum(names), inputAboveState(names), bfloat16));
  }

  private StreamLayer rnn(int input, int at, Cell cell, Activation activation, List<String> names) {
    return new RnnStream(
        input,
        at,
        cell.inputSize(),
        cell.outputSize(),
        activation.equals(Activation.RELU),
        kernels,
        kernels.pack(1, biasSum(names), inputAboveState(names), bfloat16));
  }

  private StreamLayer gru(int input, int at, Cell cell, List<String> names) {
    return new GruStream(
        input,
        at,
        cell.inputSize(),
        cell.outputSize(),
        kernels,
        kernels.pack(1, bias(names, 2), value(names.get(0)), bfloat16),
        kernels.pack(1, bias(names, 3), value(names.get(1)), bfloat16));
  }

  private static boolean isStepped(Activation activation) {
    return activation.equals(Activation.TANH) || activation.equals(Activation.RELU);
  }

  private Matrix value(String name) {
    return parameters.get(name).value();
  }

  /** W_ih and below it W_hh, (I + H, columns). */
  private Matrix inputAboveState(List<String> names) {
    Matrix wIh = value(names.get(0));
    Matrix wHh = value(names.get(1));
    Matrix both = Matrix.zeros(wIh.rows + wHh.rows, wIh.cols);
    both.rowRange(0, wIh.rows).copyFrom(wIh);
    both.rowRange(wIh.rows, both.rows).copyFrom(wHh);
    return both;
  }

  /** b_ih + b_hh, as the formula adds them. */
  private Matrix biasSum(List<String> names) {
    Matrix sum = bias(names, 2).copy();
    Elementwise.add(backend.kernels(), bias(names, 3), sum);
    return sum;
  }

  /** The i-th weight, a bias; zeros for a cell without biases. */
  private Matrix bias(List<String> names, int i) {
    return i < names.size() ? value(names.get(i)) : Matrix.zeros(1, value(names.getFirst()).cols);
  }
}
