package dev.sluice.tape;

import dev.sluice.matrix.Matrix;

/**
 * Is told the values that formulas have a name for, such as the gates of a cell, while they are
 * computed: for people who want to look inside. It changes none of them.
 */
public interface Watcher {
  /** What comes from now on is of that layer, such as {@code lstm.l0_reverse}. */
  void layer(String name);

  /** A value that the formula calls {@code name}, void after the tape's next reset. */
  void value(String name, Matrix value);
}
