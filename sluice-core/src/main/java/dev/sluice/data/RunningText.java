package dev.sluice.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A text that a language model reads from its first line to its last as one sequence of tokens.
 *
 * @param lines without their ends
 */
public record RunningText(List<String> lines) {
  public RunningText {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a UTF-8 file, plain or gzipped.
   *
   * @throws DataException when it cannot be read, see {@link TextLines}, or is empty
   */
  public static RunningText read(Path file) {
    try (TextLines source = TextLines.open(file)) {
      List<String> lines = new ArrayList<>();
      for (Optional<String> line = source.next(); line.isPresent(); line = source.next()) {
        lines.add(line.get());
      }
      if (lines.isEmpty()) {
        throw new DataException(file + ": is empty; give a text");
      }
      return new RunningText(lines);
    }
  }

  /** The tokens of each line. */
  public Stream<List<String>> tokens(LineTokenizer tokenizer) {
    return lines.stream().map(tokenizer::tokens);
  }

  /** All tokens as numbers, one after the other; {@link Vocabulary#UNKNOWN} for those not known. */
  public int[] ids(LineTokenizer tokenizer, Vocabulary vocabulary) {
    int[] ids = new int[lines.size()];
    int count = 0;
    for (String line : lines) {
      List<String> tokens = tokenizer.tokens(line);
      if (count + tokens.size() > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(2 * ids.length, count + tokens.size()));
      }
      for (String token : tokens) {
        ids[count++] = vocabulary.id(token);
      }
    }
    return Arrays.copyOf(ids, count);
  }
}
