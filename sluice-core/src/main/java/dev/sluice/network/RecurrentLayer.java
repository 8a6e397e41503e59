package dev.sluice.network;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * Recurrent layers over the real steps of a padded batch, with the choices that frameworks make around
 * them.
 *
 * @param recurrent one layer or several, in one direction or both
 * @param merge how the outputs of the two directions of the last layer become one
 * @param reading in which order steps are read and outputs stand
 * @param fill what stands at steps that are not real
 * @param returnSequences whether the output is that of every step, or of the last step read only, of each
 *     direction its own; Keras's {@code return_sequences}
 */
public record RecurrentLayer(
    Recurrent recurrent,
    MergeMode merge,
    Reading reading,
    PaddedBatch.Fill fill,
    boolean returnSequences)
    implements NetworkLayer {
  /** In which order steps are read. */
  public enum Reading {
    /** From the first step to the last. */
    FORWARD,
    /** From the last step to the first; outputs stand where their steps stand. ONNX's {@code reverse}. */
    REVERSE,
    /** From the last step to the first; outputs stand in the order of reading. Keras's {@code go_backwards}. */
    GO_BACKWARDS
  }

  /** Fails when the two directions of the last layer cannot be merged. */
  public RecurrentLayer {
    if (merge != MergeMode.CONCAT
        && (!recurrent.bidirectional() || split(recurrent) * 2 != recurrent.outputSize())) {
      throw new IllegalArgumentException(
          "%s: two directions of equal width can be merged by %s, and nothing else"
              .formatted(recurrent.name(), merge));
    }
  }

  /** As PyTorch and ONNX have it: outputs of all steps, zero at steps that are not real. */
  public static RecurrentLayer of(Recurrent recurrent) {
    return new RecurrentLayer(
        recurrent, MergeMode.CONCAT, Reading.FORWARD, PaddedBatch.Fill.ZERO, true);
  }

  /**
   * The output, and the final state.
   *
   * @param state of all sequences, in the order given
   */
  public record Result(Features output, State state) {}

  @Override
  public String name() {
    return recurrent.name();
  }

  @Override
  public List<ParameterSpec> parameters() {
    return recurrent.parameters();
  }

  @Override
  public Shape shape(Shape input) {
    input.requireSequences(this).requireWidth(this, recurrent.cells().getFirst().inputSize());
    int width = merge == MergeMode.CONCAT ? recurrent.outputSize() : split(recurrent);
    return new Shape(returnSequences, width);
  }

  @Override
  public Features forward(Features x) {
    return forward(x, zeroState(x)).output();
  }

  /** Zeros for the sequences of {@code x}. */
  State zeroState(Features x) {
    return recurrent.zeroState(x.tape(), x.requireSteps(this).batch());
  }

  /**
   * Runs from a given state.
   *
   * @param initial of all sequences, in the order given
   */
  public Result forward(Features x, State initial) {
    PaddedBatch given = x.requireSteps(this);
    PaddedBatch steps = reading == Reading.FORWARD ? given : given.reversed();
    Recurrent.Result run = recurrent.forward(steps.pack(x.data()), steps.packState(initial));
    Features output =
        returnSequences
            ? Features.sequences(outputs(run.output(), steps), given)
            : Features.vectors(lastOutputs(run.output(), steps));
    return new Result(output, steps.unpackState(run.state(), initial));
  }

  /** The merged outputs of all steps, (B·T, features). */
  private Var outputs(PackedSequence packed, PaddedBatch steps) {
    Var output =
        recurrent.bidirectional()
            ? merge.merge(
                steps.unpack(forwardPart(packed), fill, Direction.FORWARD),
                steps.unpack(backwardPart(packed), fill, Direction.BACKWARD))
            : steps.unpack(packed, fill, Direction.FORWARD);
    return reading == Reading.GO_BACKWARDS ? steps.flipTime(output) : output;
  }

  /** The merged outputs of the step that each direction reads last, (B, features); zero without a step. */
  private Var lastOutputs(PackedSequence packed, PaddedBatch steps) {
    Var last =
        recurrent.bidirectional()
            ? merge.merge(forwardPart(packed).last(), backwardPart(packed).first())
            : packed.last();
    Tape tape = last.tape();
    return steps.unpackState(last, tape.constant(tape.zeros(steps.batch(), last.cols())));
  }

  private PackedSequence forwardPart(PackedSequence both) {
    return new PackedSequence(both.packing(), both.data().columnRange(0, split(recurrent)));
  }

  private PackedSequence backwardPart(PackedSequence both) {
    int end = both.data().cols();
    return new PackedSequence(both.packing(), both.data().columnRange(split(recurrent), end));
  }

  /** Features of the last layer's forward direction. */
  private static int split(Recurrent recurrent) {
    List<Cell> cells = recurrent.cells();
    return cells.get(cells.size() - (recurrent.bidirectional() ? 2 : 1)).outputSize();
  }
}
