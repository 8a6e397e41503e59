package dev.sluice.examples.synthetic;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/** A task of which there are as many examples as anyone wants. */
interface Problem {
  /**
   * An example.
   *
   * @param steps what is read, (T, inputs)
   * @param targets what is wanted, (T, outputs) after each step, or (1, outputs) after the last
   */
  record Example(Matrix steps, Matrix targets) {}

  /** What outputs are. */
  enum Answer {
    /** A number each, to be met as closely as can be. */
    NUMBERS,
    /** Yes where above 0, no below: any number of them. */
    YES_OR_NO
  }

  int inputs();

  int outputs();

  Answer answer();

  /** The example that is a function of {@code key}. */
  Example example(RandomKey key);

  /** As {@link #example}, of those that are tested: the same, unless they are to be harder. */
  default Example test(RandomKey key) {
    return example(key);
  }

  /** Whether the outputs for all steps of an example, in the shape of its targets, are right. */
  default boolean isRight(Matrix outputs, Example example) {
    for (int r = 0; r < outputs.rows; r++) {
      for (int c = 0; c < outputs.cols; c++) {
        if (outputs.get(r, c) > 0 != example.targets.get(r, c) > 0) {
          return false;
        }
      }
    }
    return true;
  }
}
