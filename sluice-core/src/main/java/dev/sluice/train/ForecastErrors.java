package dev.sluice.train;

import dev.sluice.data.StandardScaler;

/**
 * How far forecasts of several columns are from what happened, squared and absolute, on the scale of the
 * model, where columns may be averaged, and in the units of each column. Not for concurrent use.
 */
public final class ForecastErrors {
  private final double[] squares; // (O), scaled
  private final double[] absolutes; // (O), scaled
  private long count; // for each column

  /** No forecast yet, of {@code outputs} columns. */
  ForecastErrors(int outputs) {
    squares = new double[outputs];
    absolutes = new double[outputs];
  }

  /** Adds forecasts of all columns at one point in time, scaled, through their errors. */
  void add(int output, double error) {
    squares[output] += error * error;
    absolutes[output] += Math.abs(error);
    count += output == 0 ? 1 : 0;
  }

  /** The mean squared error over all columns, scaled. */
  public double mse() {
    return mean(squares);
  }

  /** The mean absolute error over all columns, scaled. */
  public double mae() {
    return mean(absolutes);
  }

  /** The root of the mean squared error of the {@code output}-th forecast column, in its units. */
  public double rmse(int output, StandardScaler scaler, int column) {
    return Math.sqrt(squares[output] / count) * scaler.deviation().get(column);
  }

  /** The mean absolute error of the {@code output}-th forecast column, in its units. */
  public double mae(int output, StandardScaler scaler, int column) {
    return absolutes[output] / count * scaler.deviation().get(column);
  }

  private double mean(double... sums) {
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum / sums.length / count;
  }
}
