package dev.sluice.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name with arguments, as optimizers and schedules are written: {@code sgd(momentum=0.9,
 * nesterov=true)}. An argument that has no name is the first one; case does not count. And the
 * bounds that such arguments have.
 */
final class Arguments {
  private static final Pattern FORM = Pattern.compile("\\s*(\\w+)\\s*(?:\\(([^()]*)\\))?\\s*");
  private static final String FIRST = "";

  private final String text;
  private final String name;
  private final Map<String, String> given = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();

  private Arguments(String text, String name) {
    this.text = text;
    this.name = name;
  }

  /**
   * Takes {@code text} apart.
   *
   * @param kind what it describes, such as "optimizer", for messages
   * @param forms what may be written, for messages
   */
  static Arguments parse(String kind, String text, String forms) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw unknown(kind, text, forms);
    }
    Arguments arguments =
        new Arguments(kind + " \"" + text.strip() + "\"", form.group(1).toLowerCase(Locale.ROOT));
    String list = form.group(2);
    if (list != null && !list.isBlank()) {
      Arrays.stream(list.split(",", -1)).forEach(arguments::add);
    }
    return arguments;
  }

  static IllegalArgumentException unknown(String kind, String text, String forms) {
    return new IllegalArgumentException(
        "unknown %s \"%s\"; known are %s".formatted(kind, text.strip(), forms));
  }

  private void add(String argument) {
    int equals = argument.indexOf('=');
    String key = equals < 0 ? FIRST : argument.substring(0, equals).strip();
    String value = argument.substring(equals + 1).strip();
    if (key.isEmpty() && !given.isEmpty()) {
      throw wrong("\"%s\" has no name; write name=value".formatted(argument.strip()));
    }
    if (given.put(key.toLowerCase(Locale.ROOT), value) != null) {
      throw wrong("%s is there twice".formatted(key));
    }
  }

  String name() {
    return name;
  }

  /** The number of that name, or {@code value} where it is not given. */
  double number(String key, double value) {
    String given = take(key);
    if (given.isEmpty()) {
      return value;
    }
    try {
      return Double.parseDouble(given);
    } catch (NumberFormatException e) {
      throw wrong("%s: expected a number, got \"%s\"".formatted(key, given), e);
    }
  }

  /** The number of that name, which has to be there. */
  double required(String key) {
    double value = number(key, Double.NaN);
    if (Double.isNaN(value)) {
      throw wrong("%s is missing; write %s(%s=...)".formatted(key, name, key));
    }
    return value;
  }

  /** As {@link #number}, for whole numbers. */
  int count(String key, int value) {
    double number = number(key, value);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrong("%s: expected a whole number, got %s".formatted(key, number));
    }
    return (int) number;
  }

  /** Whether the switch of that name is on. */
  boolean flag(String key) {
    String given = take(key).toLowerCase(Locale.ROOT);
    if (!List.of("", "true", "false").contains(given)) {
      throw wrong("%s: expected true or false, got \"%s\"".formatted(key, given));
    }
    return given.equals("true");
  }

  private String take(String key) {
    String first = known.isEmpty() ? given.remove(FIRST) : null;
    known.add(key);
    String named = given.remove(key);
    if (first != null && named != null) {
      throw wrong("%s is there twice".formatted(key));
    }
    return first != null ? first : named != null ? named : "";
  }

  /** Says, when all that is known was asked for, what else was written. */
  void requireNoOther() {
    given.keySet().stream()
        .findFirst()
        .ifPresent(
            key -> {
              throw wrong(
                  known.isEmpty()
                      ? "it takes no argument"
                      : "it has no %s; it takes %s"
                          .formatted(key.isEmpty() ? "argument" : key, String.join(", ", known)));
            });
  }

  private IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(text + ": " + problem);
  }

  private IllegalArgumentException wrong(String problem, Exception caught) {
    return new IllegalArgumentException(text + ": " + problem, caught);
  }

  /** {@code value}, which must be at least 0 and below 1. */
  static double inUnit(String name, double value) {
    return require(value >= 0 && value < 1, name, "0 or more and less than 1", value);
  }

  static double notNegative(String name, double value) {
    return require(value >= 0 && value < Double.POSITIVE_INFINITY, name, "0 or more", value);
  }

  static double positive(String name, double value) {
    return require(value > 0 && value < Double.POSITIVE_INFINITY, name, "above 0", value);
  }

  private static double require(boolean valid, String name, String expected, double value) {
    if (!valid) {
      throw new IllegalArgumentException(
          "%s: expected %s, got %s".formatted(name, expected, value));
    }
    return value;
  }
}
