package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A recurrent cell: a formula from an input and a state to an output and the next state. It owns no
 * weights and no state; both are passed in.
 *
 * <p>The formula is the whole definition: gradients, ragged batches and both directions follow from
 * it (see {@link FormulaScan}). Some cells also have a fast {@link #kernel}. To add a cell of your
 * own, implement the five methods without a default and run {@link CellContract#verify} on it.
 */
public interface Cell {
  /** What it is called, in PyTorch's word: {@code LSTM}. */
  String name();

  /** Features of the input, I. */
  int inputSize();

  /** Width of each part of the state. */
  List<Integer> stateSizes();

  /** The weights that {@link #step} takes, in its order; {@code suffix}, such as {@code _l0}, ends each name. */
  List<ParameterSpec> parameters(String suffix);

  /** The weights of {@link #parameters} on {@code tape}. */
  default List<Var> weights(Tape tape, String suffix) {
    return parameters(suffix).stream().map(spec -> tape.weight(spec.name())).toList();
  }

  /**
   * One step for n sequences.
   *
   * @param x (n, I)
   * @param state parts of (n, size), as {@link #stateSizes} says
   * @param weights in the order of {@link #parameters}
   * @return the output, and the next state in the same shapes
   */
  Step step(Var x, List<Var> state, List<Var> weights);

  /**
   * The formula of {@link #step} with this cell's choices, as text to read, several lines long:
   *
   * <pre>
   *   z_i, z_f, z_g, z_o = b_ih + b_hh + x·W_ih + h·W_hh
   *   c' = σ(z_f)⊙c + σ(z_i)⊙tanh(z_g)
   *   h' = σ(z_o)⊙tanh(c')
   * </pre>
   *
   * <p>x is the input and h, c the state, one row for each sequence; h' and c' are the next state. The
   * output is y, or where there is no y the first part of the next state. · is the matrix product, or
   * scales by a number, and ⊙ multiplies element by element. Several names on the left take the columns
   * of what is on the right in equal parts, from left to right. W_ih is the parameter {@code weight_ih},
   * b_ih {@code bias_ih}, and a small w a weight of one row. A cell inside of another follows indented;
   * its step gives its output and then its state.
   *
   * <p>A cell that does not override this says only what goes in and what comes out.
   */
  default String formula() {
    return Notation.signature(this);
  }

  /** Features of the output: unless a cell says otherwise, the width of the first part of its state. */
  default int outputSize() {
    return stateSizes().getFirst();
  }

  /**
   * What each part of the state is, for wrappers that treat them differently: {@code h} is an output
   * that the next step reads, anything else, such as {@code c} of an LSTM, is memory. Unless a cell
   * says otherwise, its first part is {@code h} and the others are {@code c}.
   */
  default List<String> stateNames() {
    List<String> names = new ArrayList<>(Collections.nCopies(stateSizes().size(), "c"));
    names.set(0, "h");
    return names;
  }

  /**
   * Begins a run over a batch of sequences: what all its steps share, such as a dropout mask, is made
   * here, once. A cell without such things leaves this as it is.
   *
   * @param batch number of sequences, B; a step is for the first n ≤ B of them
   * @param weights in the order of {@link #parameters}
   */
  default Stepper begin(Tape tape, int batch, List<Var> weights) {
    return (x, state) -> step(x, state, weights);
  }

  /**
   * The kernel that runs this cell over sequences, in place of {@link FormulaScan}. Empty unless a
   * cell says otherwise: it runs by its formula. Cells of one type may differ in this, as a kernel
   * may know only the usual activations; what it says is what runs.
   */
  default Optional<SequenceKernel> kernel() {
    return Optional.empty();
  }
}
