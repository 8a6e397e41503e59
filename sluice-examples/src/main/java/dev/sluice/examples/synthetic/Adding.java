package dev.sluice.examples.synthetic;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;

/**
 * The adding problem (Hochreiter and Schmidhuber 1997) in its modern form (Bai, Kolter and Koltun 2018): values
 * uniform in [0, 1), two of them marked; the sum of these is wanted at the end. Right is an error below
 * 0.04. Always to say 1 has a mean squared error of 1/6.
 *
 * @param length of sequences, T
 */
record Adding(int length) implements Problem {
  private static final float TOLERANCE = 0.04f;

  @Override
  public int inputs() {
    return 2;
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public Answer answer() {
    return Answer.NUMBERS;
  }

  @Override
  public Example example(RandomKey key) {
    Matrix steps = Matrix.zeros(length, 2);
    for (int t = 0; t < length; t++) {
      steps.set(t, 0, key.uniform(t));
    }
    RandomKey places = key.fold("marked");
    int first = places.below(length, 0);
    int other = places.below(length - 1, 1);
    int second = other < first ? other : other + 1;
    steps.set(first, 1, 1);
    steps.set(second, 1, 1);
    return new Example(steps, Matrix.of(1, 1, steps.get(first, 0) + steps.get(second, 0)));
  }

  @Override
  public boolean isRight(Matrix outputs, Example example) {
    return Math.abs(outputs.get(0, 0) - example.targets().get(0, 0)) < TOLERANCE;
  }
}
