package dev.sluice.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads examples of text classification: UTF-8 files, plain or gzipped, of lines {@code
 * label<TAB>text}, or {@code label,label<TAB>text} where labels do not exclude each other.
 *
 * <p>The first tab of a line ends the label, which loses surrounding blanks; further tabs belong to
 * the text. Empty lines are skipped.
 */
public final class LabelledTexts {
  private LabelledTexts() {}

  /**
   * All examples of a file, in its order.
   *
   * @throws DataException when the file cannot be read, is not UTF-8, holds no example, or a line
   *     lacks tab, label or text
   */
  public static List<LabelledText> read(Path file) {
    return read(file, (label, lines) -> {});
  }

  /**
   * As {@link #read(Path)}, where the label is a {@link LabelSet}.
   *
   * @throws DataException also when it is none
   */
  public static List<LabelledText> readSets(Path file) {
    return read(file, LabelSet::parse);
  }

  /**
   * As {@link #read(Path)}, for a file to be judged by a model that knows the labels {@code known}: one of
   * them for each text, or a set where they are independent.
   *
   * @throws DataException also when a label is not among them
   */
  public static List<LabelledText> read(Path file, Labels known) {
    return read(
        file,
        (label, lines) -> {
          if (known.areExclusive()) {
            known.require(label, "label", lines);
          } else {
            LabelSet.parse(label, known, lines);
          }
        });
  }

  private static List<LabelledText> read(Path file, BiConsumer<String, TextLines> check) {
    List<LabelledText> examples = new ArrayList<>();
    try (TextLines lines = TextLines.open(file)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!line.get().isEmpty()) {
          LabelledText example = parse(line.get(), lines);
          check.accept(example.label(), lines);
          examples.add(example);
        }
      }
    }
    if (examples.isEmpty()) {
      throw new DataException(file + ": holds no example; write one label<TAB>text on each line");
    }
    return List.copyOf(examples);
  }

  private static LabelledText parse(String line, TextLines lines) {
    int tab = line.indexOf('\t');
    if (tab < 0) {
      throw lines.error("no tab between label and text; write label<TAB>text");
    }
    LabelledText example =
        new LabelledText(line.substring(0, tab).strip(), line.substring(tab + 1));
    if (example.label().isEmpty()) {
      throw lines.error("no label before the tab; write label<TAB>text");
    }
    if (example.text().isBlank()) {
      throw lines.error("no text after the tab; write label<TAB>text or remove the line");
    }
    return example;
  }
}
