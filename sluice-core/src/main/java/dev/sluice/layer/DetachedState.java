package dev.sluice.layer;

import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers of a {@link State}, off the tape: what is carried from one chunk of a long sequence to the
 * next. It survives {@link Tape#reset}, and no gradient flows through it, which makes backpropagation
 * through time truncated:
 *
 * <pre>
 *   DetachedState carried = lstm.zeroState(tape, batch).detach();
 *   for (...) {
 *     tape.reset(key);
 *     Recurrent.Result result = lstm.forward(chunk, carried.attach(tape));
 *     carried = result.state().detach();
 *     ...
 *   }
 * </pre>
 *
 * <p>Keras's {@code stateful=True}, without hiding the state in a layer.
 *
 * @param cells for each cell the parts of its state, (B, size), as in {@link State}
 */
public record DetachedState(List<List<Matrix>> cells) {
  public DetachedState {
    cells = cells.stream().map(List::copyOf).toList();
  }

  /** The state on a tape, as constants. The tape reads these numbers where they are. */
  public State attach(Tape tape) {
    return new State(
        cells.stream().map(parts -> parts.stream().map(tape::constant).toList()).toList());
  }

  /** A copy in which the given sequences begin anew, from zeros. */
  public DetachedState restarted(int... sequences) {
    return new DetachedState(
        cells.stream()
            .map(parts -> parts.stream().map(part -> restarted(part, sequences)).toList())
            .toList());
  }

  private static Matrix restarted(Matrix part, int... sequences) {
    Matrix copy = part.copy();
    for (int b : sequences) {
      if (b < 0 || b >= part.rows) {
        throw new IllegalArgumentException(
            "sequence %d cannot begin anew: this is a state of %d sequences; asked for %s"
                .formatted(b, part.rows, Arrays.toString(sequences)));
      }
      copy.rowRange(b, b + 1).fill(0);
    }
    return copy;
  }
}
