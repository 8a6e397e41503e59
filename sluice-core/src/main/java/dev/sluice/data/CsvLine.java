package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of one line of a CSV file (RFC 4180): commas between them, quotes around those that hold a
 * comma, a quote in quotes written twice. A field does not go over the end of a line: tables of numbers
 * have no such fields, and a line can be answered when it is there.
 */
final class CsvLine {
  private CsvLine() {}

  /**
   * The fields of {@code line}, without the blanks around them.
   *
   * @throws IllegalArgumentException when a quote is not closed, or text follows a closed one
   */
  static List<String> parse(String line) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    do {
      int start = skipBlanks(line, at);
      if (start < line.length() && line.charAt(start) == '"') {
        StringBuilder field = new StringBuilder();
        at = skipBlanks(line, quoted(line, start, field));
        if (at < line.length() && line.charAt(at) != ',') {
          throw new IllegalArgumentException(
              "field %d: text after its closing quote; is a comma missing?"
                  .formatted(fields.size() + 1));
        }
        fields.add(field.toString());
      } else {
        int comma = line.indexOf(',', start);
        at = comma < 0 ? line.length() : comma;
        fields.add(line.substring(start, at).strip());
      }
    } while (at++ < line.length());
    return fields;
  }

  /** Reads what is in quotes from {@code start} on, and returns where it goes on behind them. */
  private static int quoted(String line, int start, StringBuilder field) {
    int at = start + 1;
    while (true) {
      int quote = line.indexOf('"', at);
      if (quote < 0) {
        throw new IllegalArgumentException(
            "a quote is not closed on its line; put each row on a line of its own");
      }
      field.append(line, at, quote);
      if (quote + 1 == line.length() || line.charAt(quote + 1) != '"') {
        return quote + 1;
      }
      field.append('"');
      at = quote + 2;
    }
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
