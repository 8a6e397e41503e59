package dev.sluice.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads sentences with a tag for each word: UTF-8 files, plain or gzipped, of a word on each line and an
 * empty line after each sentence. The columns of a line are those of {@link TagColumn}.
 */
public final class TaggedSentences {
  private TaggedSentences() {}

  /**
   * All sentences of a file, in its order.
   *
   * @throws DataException when the file cannot be read, is not UTF-8, holds no sentence, or a line has
   *     other columns
   */
  public static List<TaggedSentence> read(Path file, TagColumn column) {
    return read(file, column, Optional.empty());
  }

  /**
   * As {@link #read(Path, TagColumn)}, for a file to be judged by a model that knows the tags {@code
   * known}.
   *
   * @throws DataException also when a tag is not among them
   */
  public static List<TaggedSentence> read(Path file, TagColumn column, Labels known) {
    return read(file, column, Optional.of(known));
  }

  private static List<TaggedSentence> read(Path file, TagColumn column, Optional<Labels> known) {
    List<TaggedSentence> sentences = new ArrayList<>();
    try (TextLines lines = TextLines.open(file)) {
      for (Optional<TaggedSentence> next = next(lines, column, known);
          next.isPresent();
          next = next(lines, column, known)) {
        sentences.add(next.get());
      }
    }
    if (sentences.isEmpty()) {
      throw new DataException(
          file
              + ": holds no sentence; write a word on each line and an empty line after a"
              + " sentence");
    }
    return List.copyOf(sentences);
  }

  /**
   * The next sentence of {@code lines}, or nothing after the last.
   *
   * @throws DataException when a line has other columns
   */
  public static Optional<TaggedSentence> next(TextLines lines, TagColumn column) {
    return next(lines, column, Optional.empty());
  }

  private static Optional<TaggedSentence> next(
      TextLines lines, TagColumn column, Optional<Labels> known) {
    List<String> words = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      if (!line.get().isBlank() && !column.skips(line.get())) {
        column.read(line.get(), lines, words, tags);
        known.ifPresent(labels -> labels.require(tags.getLast(), "tag", lines));
      } else if (line.get().isBlank() && !words.isEmpty()) {
        break;
      }
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(new TaggedSentence(words, tags));
  }
}
