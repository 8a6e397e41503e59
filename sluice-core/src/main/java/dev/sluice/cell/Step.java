package dev.sluice.cell;

import dev.sluice.tape.Var;
import java.util.List;

/**
 * What one step of a cell gives.
 *
 * @param output (n, output size)
 * @param state the next state, parts as {@link Cell#stateSizes} says
 */
public record Step(Var output, List<Var> state) {
  /** Of a cell whose output is the first part of its state. */
  public static Step of(Var... state) {
    return new Step(state[0], List.of(state));
  }
}
