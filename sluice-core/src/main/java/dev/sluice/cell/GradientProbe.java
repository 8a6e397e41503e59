package dev.sluice.cell;

import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;

/**
 * Holds the gradients of a cell against central differences in single precision: for each parameter,
 * the input and the initial state, the derivative of a loss along random directions.
 *
 * <p>In float32 a difference over 2·{@link #STEP} is good for two to three digits, and it is no
 * derivative where a kink (of a relu, of a clip) lies between its ends. So a direction agrees within 2
 * percent of the gradient's length plus the rounding of the loss, and the gradient is wrong when most
 * of the directions disagree. A missing or misplaced term of a backward is far beyond that. (Sluice's own
 * cells are checked to eight digits, in double precision.)
 */
final class GradientProbe {
  private static final float STEP = 0x1p-9f;
  private static final double TOLERANCE = 0.02;
  private static final int DIRECTIONS = 5;

  /** Rounding of the loss, for a step of size 1. */
  private static final double NOISE = 2e-6;

  private final CellTrial trial;
  private final Parameters parameters;

  GradientProbe(CellTrial trial, Parameters parameters) {
    this.trial = trial;
    this.parameters = parameters;
  }

  /** Fails when the gradient of a parameter is no derivative. */
  void verify() {
    Tape tape = Tape.training(CellContract.BACKEND, parameters);
    tape.reset(RandomKey.of(0));
    parameters.zeroGradients();
    tape.backward(trial.loss(trial.formula(tape)));
    for (Parameter p : parameters.all()) {
      float[] gradient = p.gradient().toArray();
      int wrong = 0;
      String last = "";
      for (int d = 0; d < DIRECTIONS; d++) {
        float[] direction = direction(p, RandomKey.of(d));
        double expected = difference(p, direction);
        double actual = dot(gradient, direction);
        double bound = TOLERANCE * Math.sqrt(dot(gradient, gradient)) + NOISE / STEP;
        if (!(Math.abs(actual - expected) <= bound)) {
          wrong++;
          last =
              "%.4g along a direction in which the loss changes by %.4g"
                  .formatted(actual, expected);
        }
      }
      if (wrong > DIRECTIONS / 2) {
        throw new AssertionError(
            "%s: the gradient of %s is not its derivative, %s: it is %s"
                .formatted(trial.cell().name(), p.name(), trial.direction(), last));
      }
    }
  }

  /** Random, of length 1. */
  private static float[] direction(Parameter p, RandomKey key) {
    float[] direction = new float[p.value().rows * p.value().cols];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = 2 * key.fold(p.name()).uniform(i) - 1;
    }
    float length = (float) Math.sqrt(dot(direction, direction));
    for (int i = 0; i < direction.length; i++) {
      direction[i] /= length;
    }
    return direction;
  }

  private double difference(Parameter p, float[] direction) {
    float[] before = p.value().toArray();
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < before.length; i++) {
        float moved = before[i] + (side == 0 ? -STEP : STEP) * direction[i];
        p.value().set(i / p.value().cols, i % p.value().cols, moved);
      }
      losses[side] = loss();
    }
    for (int i = 0; i < before.length; i++) {
      p.value().set(i / p.value().cols, i % p.value().cols, before[i]);
    }
    parameters.changed();
    return (losses[1] - losses[0]) / (2 * STEP);
  }

  private double loss() {
    parameters.changed();
    Tape tape = Tape.training(CellContract.BACKEND, parameters);
    tape.reset(RandomKey.of(0));
    return trial.value(trial.formula(tape));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
