package dev.sluice.cell;

import dev.sluice.tape.Var;
import java.util.List;

/** A cell with its weights, in the middle of a run over sequences; see {@link Cell#begin}. */
@FunctionalInterface
public interface Stepper {
  /**
   * One step for the first n sequences of the batch.
   *
   * @param x (n, I)
   * @param state parts of (n, size)
   */
  Step step(Var x, List<Var> state);
}
