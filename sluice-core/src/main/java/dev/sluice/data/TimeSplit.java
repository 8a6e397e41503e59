package dev.sluice.data;

import java.util.Arrays;
import java.util.List;

/**
 * Training, validation and test parts of a time series, one after the other: rows 0 to {@code validation},
 * to {@code test}, to {@code end}, the last of each not included. Rows from {@code end} on belong to none.
 */
public record TimeSplit(int validation, int test, int end) {
  /** Fails when the parts are not in this order, or one of the first two is empty. */
  public TimeSplit {
    if (!(0 < validation && validation < test && test <= end)) {
      throw new IllegalArgumentException(
          "training, validation and test parts must follow each other, and the first two hold rows;"
              + " got"
              + " rows 0 to %d, to %d, to %d".formatted(validation, test, end));
    }
  }

  /**
   * The split that {@code text} describes: two or three shares, such as {@code 70,15,15}; or the times at
   * which validation and test begin, and perhaps that at which the test ends, such as {@code
   * 2017-06-26,2017-10-24}.
   *
   * @throws IllegalArgumentException when it does neither, or parts are empty
   */
  public static TimeSplit parse(String text, TimeSeries series) {
    List<String> parts = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (parts.size() != 2 && parts.size() != 3) {
      throw new IllegalArgumentException(
          "expected two or three shares or times between commas, got '%s'"
              .formatted(Shown.excerpt(text)));
    }
    return parts.stream().allMatch(part -> part.matches("[0-9]{1,9}"))
        ? shares(parts.stream().mapToLong(Long::parseLong).toArray(), series.length())
        : times(parts, series);
  }

  private static TimeSplit shares(long[] shares, int length) {
    long whole = Arrays.stream(shares).sum();
    if (whole == 0) {
      throw new IllegalArgumentException("the shares are all 0");
    }
    return new TimeSplit(
        (int) (length * shares[0] / whole),
        (int) (length * (shares[0] + shares[1]) / whole),
        length);
  }

  private static TimeSplit times(List<String> parts, TimeSeries series) {
    int[] rows = parts.stream().mapToInt(series.times()::rowAt).toArray();
    int end = rows.length == 3 ? rows[2] : series.length();
    if (end > series.length()) {
      throw new IllegalArgumentException(
          "the test part ends at %s, but the last row is %s"
              .formatted(parts.getLast(), series.times().time(series.length() - 1)));
    }
    return new TimeSplit(rows[0], rows[1], end);
  }
}
