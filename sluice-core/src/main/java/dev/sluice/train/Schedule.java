package dev.sluice.train;

import java.util.List;

/**
 * The learning rate over a run, as a factor of the base rate: a function of how far the run is, with
 * no state of its own, so that a resumed run needs none.
 */
public sealed interface Schedule {
  /**
   * How far a run is.
   *
   * @param step optimizer steps done
   * @param epoch the epoch, counted from 0
   * @param progress the share of all epochs that is done, 0 to 1
   * @param validationLosses of the epochs done, in their order
   */
  record Moment(long step, int epoch, double progress, List<Double> validationLosses) {}

  /** The factor for the step that comes at {@code now}. */
  float factor(Moment now);

  /** Whether the rate of an epoch depends on how many there are to be. */
  default boolean spansEpochs() {
    return false;
  }

  /**
   * The schedule that {@code text} describes: {@code cosine}, {@code step(every=10, factor=0.5)},
   * {@code warmup(500) then cosine}.
   *
   * @throws IllegalArgumentException when there is none; the message lists what there is
   */
  static Schedule named(String text) {
    return ScheduleNames.parse(text);
  }

  /** The base rate throughout. */
  record Constant() implements Schedule {
    @Override
    public float factor(Moment now) {
      return 1;
    }
  }

  /** Half a cosine from the base rate to zero (Loshchilov and Hutter 2017, without restarts). */
  record Cosine() implements Schedule {
    @Override
    public float factor(Moment now) {
      return (float) (0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, now.progress()))));
    }

    @Override
    public boolean spansEpochs() {
      return true;
    }
  }

  /** {@code factor} after each {@code every} epochs, as PyTorch's {@code StepLR}. */
  record Step(int every, double factor) implements Schedule {
    /** Checks the bounds. */
    public Step {
      Arguments.positive("every", every);
      Arguments.positive("factor", factor);
    }

    @Override
    public float factor(Moment now) {
      return power(factor, now.epoch() / every);
    }
  }

  /**
   * The base rate for {@code after} epochs, then {@code factor} once more in each: factor ^ max(epoch +
   * 1 - after, 0) with epochs from 0, as TensorFlow's PTB tutorial has it.
   */
  record Decay(int after, double factor) implements Schedule {
    /** Checks the bounds. */
    public Decay {
      Arguments.notNegative("after", after);
      Arguments.positive("factor", factor);
    }

    @Override
    public float factor(Moment now) {
      return power(factor, Math.max(now.epoch() + 1 - after, 0));
    }
  }

  /** {@code factor} after each epoch, as PyTorch's {@code ExponentialLR}. */
  record Exponential(double factor) implements Schedule {
    /** Checks the bounds. */
    public Exponential {
      Arguments.positive("factor", factor);
    }

    @Override
    public float factor(Moment now) {
      return power(factor, now.epoch());
    }
  }

  /**
   * {@code factor} whenever the validation loss was not below (1 - threshold) times the best for more
   * than {@code patience} epochs, as PyTorch's {@code ReduceLROnPlateau}.
   */
  record Plateau(double factor, int patience, double threshold) implements Schedule {
    /** Checks the bounds. */
    public Plateau {
      Arguments.positive("factor", factor);
      Arguments.notNegative("patience", patience);
      Arguments.inUnit("threshold", threshold);
    }

    @Override
    public float factor(Moment now) {
      double best = Double.POSITIVE_INFINITY;
      int worse = 0;
      int reductions = 0;
      for (double loss : now.validationLosses()) {
        if (loss < best * (1 - threshold)) {
          best = loss;
          worse = 0;
        } else if (++worse > patience) {
          reductions++;
          worse = 0;
        }
      }
      return power(factor, reductions);
    }
  }

  /** Rises in equal steps to {@code then} over the first {@code steps} steps. */
  record Warmup(int steps, Schedule then) implements Schedule {
    /** Checks the bounds. */
    public Warmup {
      Arguments.positive("steps", steps);
    }

    @Override
    public float factor(Moment now) {
      float factor = then.factor(now);
      return now.step() < steps ? factor * (now.step() + 1) / steps : factor;
    }

    @Override
    public boolean spansEpochs() {
      return then.spansEpochs();
    }
  }

  private static float power(double factor, int exponent) {
    return (float) StrictMath.pow(factor, exponent);
  }
}
