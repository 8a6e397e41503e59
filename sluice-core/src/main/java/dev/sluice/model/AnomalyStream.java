package dev.sluice.model;

import dev.sluice.matrix.Matrix;
import dev.sluice.model.AnomalyDetector.Errors;
import dev.sluice.tape.Tape;

/**
 * One stream before an {@link AnomalyDetector}: its last rows, its last errors, and the distribution of
 * errors as it is now. Memory does not grow with the stream. Not for concurrent use.
 */
public final class AnomalyStream {
  /** A probability of 10 to minus this has the score a half. */
  private static final double HALF = 3;

  private final AnomalyDetector detector;
  private final Tape tape;
  private final Matrix rows; // (2·W + 1, C), scaled; the window ends before row `next`
  private final MovingMean recent;
  private Errors errors;
  private int next;

  AnomalyStream(AnomalyDetector detector, Tape tape) {
    this.detector = detector;
    this.tape = tape;
    int window = detector.forecaster().config().window();
    rows = Matrix.zeros(2 * window + 1, detector.forecaster().columns().all().size());
    recent = new MovingMean(detector.config().smoothing());
    errors = detector.errors();
  }

  /**
   * The score of the next row, in [0, 1]: u / (u + 3), where 10⁻ᵘ is the probability that the mean of the
   * last errors is as large, under a normal distribution. So 0.25 is one in ten, 0.5 one in a thousand,
   * 0.75 one in a thousand millions, and of two rows the more unusual one has the higher score, however
   * unusual both are. It is 0 as long as there are fewer rows than a window has.
   *
   * @param values of all columns of the forecaster, not scaled
   */
  public double next(float... values) {
    int window = detector.forecaster().config().window();
    if (next == rows.rows) {
      rows.rowRange(0, window).copyFrom(rows.rowRange(next - window, next));
      next = window;
    }
    Matrix row = Matrix.of(1, values.length, values);
    rows.rowRange(next, next + 1).copyFrom(detector.forecaster().scaler().scale(row));
    next++;
    if (next <= window) {
      return 0;
    }
    recent.add(AnomalyDetector.error(tape, detector.forecaster(), rows, next - 1));
    return recent.isFull() ? judge(recent.value()) : 0;
  }

  private double judge(double error) {
    double z = (error - errors.mean()) / errors.deviation();
    int memory = detector.config().memory();
    if (memory > 0) {
      errors = errors.follow(error, memory);
    }
    double u = Math.max(0, -NormalTail.log10(z));
    return u / (u + HALF);
  }
}
