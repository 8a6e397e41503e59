package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A recurrent cell: a formula from an input and a state to the next state. It owns no weights and
 * no state; both are passed in.
 *
 * <p>The formula is the whole definition: gradients, ragged batches and both directions follow from
 * it (see {@link FormulaScan}). A cell that also has a fast kernel is a {@link FusedCell}.
 */
public interface Cell {
  /** What it is called, in PyTorch's word: {@code LSTM}. */
  String name();

  /** Features of the input, I. */
  int inputSize();

  /** Width of each part of the state; the first part is the output of the step. */
  List<Integer> stateSizes();

  /** The weights that {@link #step} takes, in its order; {@code suffix}, such as {@code _l0}, ends each name. */
  List<ParameterSpec> parameters(String suffix);

  /**
   * One step for n sequences.
   *
   * @param x (n, I)
   * @param state parts of (n, size), as {@link #stateSizes} says
   * @param weights in the order of {@link #parameters}
   * @return the next state, of the same shapes
   */
  List<Var> step(Var x, List<Var> state, List<Var> weights);

  /** Features of the output: the width of the first part of the state. */
  default int outputSize() {
    return stateSizes().getFirst();
  }
}
