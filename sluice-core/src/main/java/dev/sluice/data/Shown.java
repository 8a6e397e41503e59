package dev.sluice.data;

/**
 * Text of files that nobody vouches for, as it may stand in an error message: on one line, without
 * the power to move a terminal's cursor, and not endless.
 */
public final class Shown {
  private static final int LONGEST_EXCERPT = 80;

  private Shown() {}

  /** {@code message} with its line ends, terminal escapes and the like as \\uXXXX. */
  public static String onOneLine(String message) {
    StringBuilder line = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  /** {@code text}, or its beginning when it is long. */
  static String excerpt(String text) {
    return text.length() <= LONGEST_EXCERPT ? text : text.substring(0, LONGEST_EXCERPT) + "...";
  }
}
