package dev.sluice.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * One axis of a chart: where a value has its place, and which values are written beside it.
 *
 * @param min the value at 0
 * @param max the value at 1, above it
 * @param step between ticks; of a logarithmic axis the ratio
 * @param logarithmic whether equal distances are equal ratios
 */
record Axis(double min, double max, double step, boolean logarithmic) {
  private static final int MOST_STEPS = 5;

  /** Ratios from which on a line would hide what happens near 0. */
  private static final double WIDE = 100;

  /** From {@code min} to {@code max}, or a little more where there is nothing between. */
  static Axis exact(double min, double max) {
    double end = Math.max(max, min + 1);
    return new Axis(min, end, niceStep(end - min), false);
  }

  /** From a round number below all values to one above. */
  static Axis rounded(DoubleSummaryStatistics values) {
    double min = values.getCount() == 0 ? 0 : values.getMin();
    double max = values.getCount() == 0 ? 1 : values.getMax();
    double margin = max > min ? 0 : Math.max(Math.abs(max) * 0.05, 1e-6);
    double step = niceStep(max - min + 2 * margin);
    return new Axis(
        Math.floor((min - margin) / step + 1e-9) * step,
        Math.ceil((max + margin) / step - 1e-9) * step,
        step,
        false);
  }

  /** As {@link #rounded}, or from a power of 10 to another, where values differ widely. */
  static Axis wide(DoubleSummaryStatistics values) {
    if (values.getCount() == 0
        || values.getMin() <= 0
        || values.getMax() < WIDE * values.getMin()) {
      return rounded(values);
    }
    double low = Math.floor(Math.log10(values.getMin()));
    double high = Math.ceil(Math.log10(values.getMax()));
    double decades = Math.ceil((high - low) / MOST_STEPS);
    return new Axis(Math.pow(10, low), Math.pow(10, high), Math.pow(10, decades), true);
  }

  /** Where {@code value} is, 0 to 1. */
  double place(double value) {
    return logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  }

  /** The values that are written beside it. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double tick = min; tick <= max * 1.001; tick *= step) {
        ticks.add(tick);
      }
    } else {
      for (double k = Math.ceil(min / step - 1e-9); k * step <= max + 1e-9 * step; k++) {
        ticks.add(k * step);
      }
    }
    return ticks;
  }

  /** A tick in as few characters as tell it from the next. */
  String label(double tick) {
    double size = Math.abs(tick);
    if (size < (logarithmic ? min : step) / 2) {
      return "0";
    }
    if (size >= 1e6) {
      return digits(tick / 1e6, step / 1e6) + "M";
    }
    if (size >= 1e4) {
      return digits(tick / 1e3, step / 1e3) + "k";
    }
    if (size < 1e-3 && (logarithmic || step < 1e-4)) {
      int exponent = (int) Math.floor(Math.log10(size) + 1e-9);
      double power = Math.pow(10, exponent);
      return digits(tick / power, step / power) + "e" + exponent;
    }
    return digits(tick, step);
  }

  private String digits(double value, double distance) {
    double ratio = logarithmic ? 1 : Math.abs(value) / distance;
    int digits = 1 + Math.max(1, (int) Math.ceil(Math.log10(Math.max(1, ratio)) + 1e-9));
    return new BigDecimal(value)
        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** 1, 2 or 5 times a power of 10, so that {@code range} has no more than {@link #MOST_STEPS}. */
  private static double niceStep(double range) {
    double power = Math.pow(10, Math.floor(Math.log10(range / MOST_STEPS)));
    for (double factor : new double[] {1, 2, 5}) {
      if (range / (factor * power) <= MOST_STEPS + 1e-9) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
