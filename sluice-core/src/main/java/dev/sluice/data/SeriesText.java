package dev.sluice.data;

import dev.sluice.matrix.Matrix;

/** A sequence of numbers as text: values with commas between them, steps with blanks: {@code 0.1,2 0.3,4}. */
public final class SeriesText {
  private SeriesText() {}

  /**
   * The numbers, (T, C): a row for each step.
   *
   * @throws IllegalArgumentException when there is no step, a value is no finite number, or steps differ
   *     in how many values they have
   */
  public static Matrix parse(String text) {
    String[] steps = text.strip().split("\\s+", -1);
    if (steps[0].isEmpty()) {
      throw new IllegalArgumentException(
          "no step; write values,with,commas and blanks between steps");
    }
    String[][] values = new String[steps.length][];
    for (int t = 0; t < steps.length; t++) {
      values[t] = steps[t].split(",", -1);
      if (values[t].length != values[0].length) {
        throw new IllegalArgumentException(
            "step %d has %d value(s), the first one has %d"
                .formatted(t + 1, values[t].length, values[0].length));
      }
    }
    Matrix matrix = Matrix.zeros(steps.length, values[0].length);
    for (int t = 0; t < matrix.rows; t++) {
      for (int c = 0; c < matrix.cols; c++) {
        matrix.set(t, c, number(values[t][c], "step " + (t + 1)));
      }
    }
    return matrix;
  }

  /** The text that {@link #parse} reads back to the same numbers. */
  public static String format(Matrix steps) {
    StringBuilder text = new StringBuilder();
    for (int t = 0; t < steps.rows; t++) {
      for (int c = 0; c < steps.cols; c++) {
        text.append(c > 0 ? "," : t > 0 ? " " : "").append(steps.get(t, c));
      }
    }
    return text.toString();
  }

  /** A finite number at {@code place}. */
  static float number(String text, String place) {
    float value;
    try {
      value = Float.parseFloat(text);
    } catch (NumberFormatException e) {
      String advice = text.equals("?") ? "missing values must be filled in first" : "correct it";
      throw new IllegalArgumentException(
          "%s: '%s' is not a number; %s".formatted(place, text, advice), e);
    }
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s: %s is no finite number; correct it".formatted(place, text));
    }
    return value;
  }
}
