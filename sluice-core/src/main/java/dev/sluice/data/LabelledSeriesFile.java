package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads examples of the classification of number sequences: UTF-8 files, plain or gzipped, of lines {@code
 * label<TAB>0.1,2 0.3,4 0.5,6}, the values of a step with commas between them and the steps with blanks;
 * or files called {@code .ts} or {@code .ts.gz}, in the format of the UEA and UCR archives.
 *
 * <p>Sequences may differ in length, but not in how many values a step has. Empty lines are skipped.
 */
public final class LabelledSeriesFile {
  private LabelledSeriesFile() {}

  /**
   * All examples of a file, in its order.
   *
   * @throws DataException when the file cannot be read, is not UTF-8, holds no example, or a line is
   *     none
   */
  public static List<LabelledSeries> read(Path file) {
    return read(file, Optional.empty(), 0);
  }

  /**
   * As {@link #read(Path)}, for a file to be judged by a model that knows the labels {@code known} and
   * reads {@code channels} values in a step.
   *
   * @throws DataException also when an example has another label or another number of channels
   */
  public static List<LabelledSeries> read(Path file, Labels known, int channels) {
    return read(file, Optional.of(known), channels);
  }

  private static List<LabelledSeries> read(Path file, Optional<Labels> known, int given) {
    List<LabelledSeries> examples = new ArrayList<>();
    boolean ts = file.toString().matches(".*\\.ts(\\.gz)?");
    int channels = given;
    try (TextLines lines = TextLines.open(file)) {
      if (ts) {
        TsSeries.skipHeader(lines);
      }
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!line.get().isBlank()) {
          LabelledSeries example =
              ts ? TsSeries.parse(line.get(), lines) : parse(line.get(), lines);
          known.ifPresent(labels -> labels.require(example.label(), "label", lines));
          channels = channels == 0 ? example.steps().cols : channels;
          if (example.steps().cols != channels) {
            throw lines.error(
                "expected %d channel(s), got %d; every step needs the same values"
                    .formatted(channels, example.steps().cols));
          }
          examples.add(example);
        }
      }
    }
    if (examples.isEmpty()) {
      throw new DataException(
          file + ": holds no example; write one label<TAB>0.1,2 0.3,4 on each line");
    }
    return List.copyOf(examples);
  }

  private static LabelledSeries parse(String line, TextLines lines) {
    int tab = line.indexOf('\t');
    if (tab < 0) {
      throw lines.error("no tab between label and numbers; write label<TAB>0.1,2 0.3,4");
    }
    String label = line.substring(0, tab).strip();
    if (label.isEmpty()) {
      throw lines.error("no label before the tab; write label<TAB>0.1,2 0.3,4");
    }
    Matrix steps;
    try {
      steps = SeriesText.parse(line.substring(tab + 1));
    } catch (IllegalArgumentException e) {
      throw lines.error(String.valueOf(e.getMessage()));
    }
    return new LabelledSeries(label, steps);
  }
}
