package dev.sluice.layer;

import dev.sluice.cell.Cell;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * Two cells that read the same sequences, one forward and one backward, and how their outputs become one:
 * Keras's {@code Bidirectional} and TF1's {@code bidirectional_dynamic_rnn}. The cells may differ.
 *
 * <p>Weights are named {@code NAME.weight_ih_l0} and {@code NAME.weight_ih_l0_reverse}, and so on. For
 * several layers with outputs side by side, see {@link Recurrent}, which runs this one, too.
 *
 * @param name prefix of the parameters' names
 * @param forward reads from the first step to the last
 * @param backward reads from each sequence's last step to the first
 * @param merge how outputs become one
 */
public record Bidirectional(String name, Cell forward, Cell backward, MergeMode merge)
    implements Layer {
  /** Fails when the cells have different inputs, or outputs that cannot be merged. */
  public Bidirectional {
    if (merge != MergeMode.CONCAT && forward.outputSize() != backward.outputSize()) {
      throw new IllegalArgumentException(
          "%s: outputs of %d and %d features can be put side by side, but not merged by %s"
              .formatted(name, forward.outputSize(), backward.outputSize(), merge));
    }
    recurrent(name, forward, backward);
  }

  /**
   * The outputs of each direction, whose steps stand at the same place, and the final state.
   *
   * @param merge how the outputs become one
   * @param forward the forward cell's output at each step
   * @param backward the backward cell's output at each step
   * @param state of the forward and of the backward cell, each after its own last step
   */
  public record Result(
      MergeMode merge, PackedSequence forward, PackedSequence backward, State state) {
    /** The merged output of each step. */
    public PackedSequence output() {
      return new PackedSequence(forward.packing(), merge.merge(forward.data(), backward.data()));
    }

    /** The merged last outputs, each direction's own last: (B, features) in the order given. */
    public Var last() {
      return merge.merge(forward.last(), backward.first());
    }
  }

  @Override
  public List<ParameterSpec> parameters() {
    return recurrent().parameters();
  }

  /** The same layer with its outputs side by side: makes its states. */
  public Recurrent recurrent() {
    return recurrent(name, forward, backward);
  }

  /** Features of the merged output. */
  public int outputSize() {
    return merge == MergeMode.CONCAT
        ? forward.outputSize() + backward.outputSize()
        : forward.outputSize();
  }

  /** Runs over sequences from a state of zeros. */
  public Result forward(PackedSequence x) {
    return result(recurrent().forward(x));
  }

  /**
   * Runs over sequences from a given state.
   *
   * @param x (steps of all sequences, inputs)
   * @param initial of the forward and of the backward cell
   */
  public Result forward(PackedSequence x, State initial) {
    return result(recurrent().forward(x, initial));
  }

  private Result result(Recurrent.Result both) {
    PackedSequence output = both.output();
    int split = forward.outputSize();
    Var first = output.data().columnRange(0, split);
    Var second = output.data().columnRange(split, output.data().cols());
    return new Result(
        merge,
        new PackedSequence(output.packing(), first),
        new PackedSequence(output.packing(), second),
        both.state());
  }

  private static Recurrent recurrent(String name, Cell forward, Cell backward) {
    return new Recurrent(name, List.of(forward, backward), true, 0);
  }
}
