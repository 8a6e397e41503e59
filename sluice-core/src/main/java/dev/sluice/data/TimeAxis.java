package dev.sluice.data;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Evenly spaced points in time, written the way the file they are from writes them: row 0, row 1 and so on,
 * without an end. Points on the same day of different months are counted in months, all others in
 * milliseconds; there are no time zones, and no hour that a clock change leaves out.
 */
public final class TimeAxis {
  /** What a time may look like, 0 standing for a digit, and the pattern that reads and writes it. */
  private static final Map<String, String> PATTERNS =
      Map.of(
          "0000-00", "uuuu-MM",
          "0000-00-00", "uuuu-MM-dd",
          "0000-00-00 00:00", "uuuu-MM-dd HH:mm",
          "0000-00-00T00:00", "uuuu-MM-dd'T'HH:mm",
          "0000-00-00 00:00:00", "uuuu-MM-dd HH:mm:ss",
          "0000-00-00T00:00:00", "uuuu-MM-dd'T'HH:mm:ss",
          "0000-00-00T00:00:00Z", "uuuu-MM-dd'T'HH:mm:ss'Z'",
          "0000-00-00 00:00:00.000", "uuuu-MM-dd HH:mm:ss.SSS",
          "0000-00-00T00:00:00.000", "uuuu-MM-dd'T'HH:mm:ss.SSS",
          "0000-00-00T00:00:00.000Z", "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

  private final DateTimeFormatter format;
  private final LocalDateTime first;
  private final ChronoUnit unit;
  private final long step;

  private TimeAxis(DateTimeFormatter format, LocalDateTime first, ChronoUnit unit, long step) {
    this.format = format;
    this.first = first;
    this.unit = unit;
    this.step = step;
  }

  /**
   * The axis that begins with two times.
   *
   * @throws IllegalArgumentException when they are no times, or the second is not after the first
   */
  public static TimeAxis of(String firstTime, String secondTime) {
    LocalDateTime first = parse(firstTime);
    LocalDateTime second = parse(secondTime);
    if (!second.isAfter(first)) {
      throw new IllegalArgumentException(
          "%s is not after %s; sort the rows by time, with one row for each"
              .formatted(secondTime, firstTime));
    }
    long months = ChronoUnit.MONTHS.between(first, second);
    boolean monthly = months > 0 && first.plusMonths(months).equals(second);
    return new TimeAxis(
        format(firstTime),
        first,
        monthly ? ChronoUnit.MONTHS : ChronoUnit.MILLIS,
        monthly ? months : ChronoUnit.MILLIS.between(first, second));
  }

  /** The time of row {@code row}, as it is written. */
  public String time(int row) {
    return format.format(at(row));
  }

  /**
   * The first row that is not before {@code time}, in any of the forms; it may be before row 0.
   *
   * @throws IllegalArgumentException when it is no time
   */
  public int rowAt(String time) {
    LocalDateTime asked = parse(time);
    int row = Math.toIntExact(Math.floorDiv(unit.between(first, asked), step)) - 1;
    while (at(row).isBefore(asked)) {
      row++;
    }
    return row;
  }

  /**
   * Checks that {@code time} is that of row {@code row}.
   *
   * @throws IllegalArgumentException when it is another, or none
   */
  public void require(int row, String time) {
    LocalDateTime found = parse(time);
    if (found.equals(at(row))) {
      return;
    }
    if (!found.isAfter(at(row - 1))) {
      throw new IllegalArgumentException(
          "%s is not after %s; sort the rows by time, with one row for each"
              .formatted(time, time(row - 1)));
    }
    throw new IllegalArgumentException(
        "expected %s, as far from the row before as the rows above, got %s; fill in missing rows"
            .formatted(time(row), time));
  }

  private LocalDateTime at(int row) {
    return first.plus(row * step, unit);
  }

  private static LocalDateTime parse(String text) {
    try {
      return LocalDateTime.parse(text, format(text));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'%s' is not in the calendar".formatted(text), e);
    }
  }

  private static DateTimeFormatter format(String text) {
    String pattern = PATTERNS.get(text.replaceAll("[0-9]", "0"));
    if (pattern == null) {
      throw new IllegalArgumentException(
          "'%s' is no time; expected one such as 2016-07, 2016-07-01 or 2016-07-01 23:59:00"
              .formatted(Shown.excerpt(text)));
    }
    return new DateTimeFormatterBuilder()
        .appendPattern(pattern)
        .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
        .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
        .toFormatter()
        .withResolverStyle(ResolverStyle.STRICT);
  }
}
