package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns: the first to the left, numbers and all others to the right. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with a line of headings. */
  Table(List<String> headings) {
    rows.add(List.copyOf(headings));
  }

  /** A table with a line of headings. */
  Table(String... headings) {
    this(List.of(headings));
  }

  /** Adds a row of as many cells as there are headings. */
  void row(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "expected %d cells, got %s".formatted(rows.getFirst().size(), cells));
    }
    rows.add(List.copyOf(cells));
  }

  /** Adds a row. */
  void row(String... cells) {
    row(List.of(cells));
  }

  /** Prints all rows. */
  void print(PrintWriter out) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], width(row.get(c)));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String blanks = " ".repeat(widths[c] - width(row.get(c)));
        line.append(c == 0 ? row.get(c) + blanks : "  " + blanks + row.get(c));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** Columns of a terminal: ideographs and their kin take two, marks none. */
  private static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  private static int width(int c) {
    if (Character.getType(c) == Character.NON_SPACING_MARK) {
      return 0;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> 2;
      default -> 1;
    };
  }
}
