package dev.sluice.train;

import java.util.regex.Pattern;

/** Schedules by their names and arguments, {@code then} between one and the next. */
final class ScheduleNames {
  private static final String KNOWN =
      "constant, cosine, step(every, factor), decay(after, factor), exponential(factor),"
          + " plateau(factor, patience, threshold), and warmup(steps) then any of these";
  private static final Pattern THEN = Pattern.compile("(?i)\\bthen\\b");

  private ScheduleNames() {}

  static Schedule parse(String text) {
    String[] parts = THEN.split(text, 2);
    Arguments of = Arguments.parse("schedule", parts[0], KNOWN);
    boolean warmup = of.name().equals("warmup");
    if (warmup != (parts.length == 2)) {
      throw new IllegalArgumentException(
          "schedule \"%s\": it is warmup that something comes after, as in \"warmup(500) then cosine\""
              .formatted(text.strip()));
    }
    Schedule schedule =
        warmup ? new Schedule.Warmup(of.count("steps", 0), parse(parts[1])) : plain(of, text);
    of.requireNoOther();
    return schedule;
  }

  private static Schedule plain(Arguments of, String text) {
    return switch (of.name()) {
      case "constant" -> new Schedule.Constant();
      case "cosine" -> new Schedule.Cosine();
      case "step" -> new Schedule.Step(of.count("every", 1), of.required("factor"));
      case "decay" -> new Schedule.Decay(of.count("after", 0), of.required("factor"));
      case "exponential" -> new Schedule.Exponential(of.required("factor"));
      case "plateau" ->
          new Schedule.Plateau(
              of.number("factor", 0.1), of.count("patience", 10), of.number("threshold", 1e-4));
      default -> throw Arguments.unknown("schedule", text, KNOWN);
    };
  }
}
