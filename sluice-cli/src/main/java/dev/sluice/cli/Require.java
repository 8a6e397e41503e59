package dev.sluice.cli;

/** What options may be, said the same way for all of them. */
final class Require {
  private Require() {}

  static void atLeast(int minimum, String option, int value) {
    that(value >= minimum, option, "at least " + minimum, value);
  }

  static void probability(String option, float value) {
    that(value >= 0 && value < 1, option, "0 or more and less than 1", value);
  }

  static void that(boolean valid, String option, String expected, Number found) {
    if (!valid) {
      throw new UserException("%s: expected %s, got %s".formatted(option, expected, found));
    }
  }
}
