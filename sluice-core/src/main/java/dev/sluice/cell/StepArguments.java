package dev.sluice.cell;

import dev.sluice.tape.Var;
import java.util.List;
import java.util.function.Supplier;

/**
 * Checks what is given to a cell against what it takes, at the edge and with messages that name the
 * layer and the part of the state: for the cells' own steps and for layers that run cells.
 */
public final class StepArguments {
  private StepArguments() {}

  /** Fails unless x and state are what {@link Cell#step} takes; called first in a step. */
  static void require(Cell cell, Var x, List<Var> state) {
    requireInput(cell.name(), cell, x);
    requireState(() -> cell.name() + ": state", cell, state, x.rows());
  }

  /**
   * Fails unless x has the features that the cell takes.
   *
   * @param who is named in the message
   */
  public static void requireInput(String who, Cell cell, Var x) {
    if (x.cols() != cell.inputSize()) {
      throw new IllegalArgumentException(
          "%s: expected an input of %d features, got %d"
              .formatted(who, cell.inputSize(), x.cols()));
    }
  }

  /**
   * Fails unless the state has the cell's parts, each with a row for each sequence.
   *
   * @param what is named in the message, such as {@code lstm: initial state of layer 1 forward}
   * @param sequences how many there are in the input
   */
  public static void requireState(
      Supplier<String> what, Cell cell, List<Var> state, int sequences) {
    List<Integer> sizes = cell.stateSizes();
    if (state.size() != sizes.size()) {
      throw new IllegalArgumentException(
          "%s: expected %d part(s) (%s), got %d"
              .formatted(
                  what.get(), sizes.size(), String.join(", ", cell.stateNames()), state.size()));
    }
    for (int i = 0; i < sizes.size(); i++) {
      Var part = state.get(i);
      if (part.rows() != sequences || part.cols() != sizes.get(i)) {
        throw new IllegalArgumentException(
            "%s, %s: expected (%d, %d), got (%d, %d)%s"
                .formatted(
                    what.get(),
                    cell.stateNames().get(i),
                    sequences,
                    sizes.get(i),
                    part.rows(),
                    part.cols(),
                    cause(cell, part, sequences)));
      }
    }
  }

  private static String cause(Cell cell, Var part, int sequences) {
    if (part.rows() != sequences) {
      return "; the input has %d sequence(s)".formatted(sequences);
    }
    int other = cell.stateSizes().indexOf(part.cols());
    return other < 0 ? "" : "; that is the size of " + cell.stateNames().get(other);
  }
}
