package dev.sluice.data;

import dev.sluice.matrix.Matrix;

/**
 * The forecast that needs no model: each value is what it was a period before, the latest that is known
 * (Hyndman and Athanasopoulos, <i>Forecasting: Principles and Practice</i>, section 5.2). With a period of 1
 * it is the last value, for all steps.
 *
 * @param period in steps, at least 1
 */
public record SeasonalNaive(int period) {
  /** Fails when the period is below 1. */
  public SeasonalNaive {
    if (period < 1) {
      throw new IllegalArgumentException("a period has at least 1 step, got " + period);
    }
  }

  /**
   * The forecast for row {@code origin + step} of {@code values} when the rows before {@code origin} are
   * known.
   *
   * @param step from 0
   */
  public float forecast(Matrix values, int origin, int step, int column) {
    return values.get(origin + step - period * (step / period + 1), column);
  }
}
