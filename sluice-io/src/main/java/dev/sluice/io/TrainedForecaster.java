package dev.sluice.io;

import dev.sluice.model.Forecaster;

/**
 * A forecaster and how it came to be.
 *
 * @param time the column of times in the file it learned from
 * @param test the part of that file which it did not see
 */
public record TrainedForecaster(
    Forecaster forecaster, String time, TestPart test, Provenance provenance)
    implements ForecastingModel {
  /**
   * Rows that neither training nor validation has seen.
   *
   * @param from the time of the first
   * @param to the time at which they end, itself not among them
   */
  public record TestPart(String from, String to) {}
}
