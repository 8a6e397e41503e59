package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the lines of a {@code .ts} file, the format of the UEA and UCR archives that aeon and sktime read:
 * comments after {@code #}, a header of {@code @key value}, and after {@code @data} an example on each
 * line, its channels and its class with colons between them and the values of a channel with commas.
 */
final class TsSeries {
  private TsSeries() {}

  /** Reads the header, to {@code @data} inclusive. */
  static void skipHeader(TextLines lines) {
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      String[] words = line.get().strip().toLowerCase(Locale.ROOT).split("\\s+");
      switch (words[0]) {
        case "@data" -> {
          return;
        }
        case "@timestamps" -> require(words, "false", "time stamps cannot be read", lines);
        case "@classlabel" -> require(words, "true", "a class for each example is needed", lines);
        default -> {
          if (!words[0].isEmpty() && !words[0].startsWith("#") && !words[0].startsWith("@")) {
            throw lines.error("expected a header of @key value; is it a .ts file?");
          }
        }
      }
    }
    throw lines.error("the file ends without @data; was it cut short?");
  }

  private static void require(String[] words, String value, String otherwise, TextLines lines) {
    if (words.length < 2 || !words[1].equals(value)) {
      throw lines.error("expected %s %s: %s".formatted(words[0], value, otherwise));
    }
  }

  /** The example of a line. */
  static LabelledSeries parse(String line, TextLines lines) {
    String[] parts = line.split(":", -1);
    if (parts.length < 2) {
      throw lines.error("expected channels and a class with colons between them");
    }
    Matrix steps = Matrix.zeros(parts[0].split(",", -1).length, parts.length - 1);
    for (int c = 0; c < steps.cols; c++) {
      String[] values = parts[c].split(",", -1);
      if (values.length != steps.rows) {
        throw lines.error(
            "channel %d has %d value(s), the first one has %d"
                .formatted(c + 1, values.length, steps.rows));
      }
      for (int t = 0; t < steps.rows; t++) {
        try {
          steps.set(t, c, SeriesText.number(values[t].strip(), "channel " + (c + 1)));
        } catch (IllegalArgumentException e) {
          throw lines.error(String.valueOf(e.getMessage()));
        }
      }
    }
    return new LabelledSeries(parts[steps.cols].strip(), steps);
  }
}
