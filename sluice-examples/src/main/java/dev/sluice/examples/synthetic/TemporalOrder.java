package dev.sluice.examples.synthetic;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/**
 * Temporal order (Hochreiter and Schmidhuber 1997, experiment 6a): 100 to 110 symbols, B first and E last,
 * distractors a to d but for an X or Y among steps 10 to 20 and another among 50 to 60. At the end it is wanted
 * which it was: the first an X, the second an X.
 */
record TemporalOrder() implements Problem {
  private static final int X = 0;
  private static final int B = 2;
  private static final int E = 3;
  private static final int DISTRACTORS = 4;

  @Override
  public int inputs() {
    return DISTRACTORS + 4;
  }

  @Override
  public int outputs() {
    return 2;
  }

  @Override
  public Answer answer() {
    return Answer.YES_OR_NO;
  }

  @Override
  public Example example(RandomKey key) {
    int length = 100 + key.below(11, 0);
    Matrix steps = Matrix.zeros(length, inputs());
    int first = 10 + key.below(11, 1);
    int second = 50 + key.below(11, 2);
    Matrix targets = Matrix.zeros(1, 2);
    for (int t = 0; t < length; t++) {
      int symbol = DISTRACTORS + key.below(4, 10 + t);
      if (t == first || t == second) {
        symbol = X + key.below(2, 10 + t);
        targets.set(0, t == first ? 0 : 1, symbol == X ? 1 : 0);
      } else if (t == 0) {
        symbol = B;
      } else if (t == length - 1) {
        symbol = E;
      }
      steps.set(t, symbol, 1);
    }
    return new Example(steps, targets);
  }
}
