package dev.sluice.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads sequences of label sets, such as the notes that sound in each quarter of a chorale: UTF-8 files,
 * plain or gzipped, of a sequence on each line, {@code 60,64,67 62,65 - 60}, the labels of a step with
 * commas between them, {@code -} for none, and the steps with blanks. Empty lines are skipped.
 */
public final class SetSequences {
  private SetSequences() {}

  /**
   * All sequences of a file, in its order; a sequence is a list of steps, a step a list of labels.
   *
   * @throws DataException when the file cannot be read, is not UTF-8 or holds no sequence, or a
   *     sequence has a single step, after which there is nothing to predict
   */
  public static List<List<List<String>>> read(Path file) {
    return read(file, Optional.empty());
  }

  /**
   * As {@link #read(Path)}, with labels that must all be {@code known}.
   *
   * @throws DataException also when a label is not among them
   */
  public static List<List<List<String>>> read(Path file, Labels known) {
    return read(file, Optional.of(known));
  }

  private static List<List<List<String>>> read(Path file, Optional<Labels> known) {
    List<List<List<String>>> sequences = new ArrayList<>();
    try (TextLines lines = TextLines.open(file)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!line.get().isBlank()) {
          List<List<String>> sequence = parse(line.get(), known, lines);
          if (sequence.size() < 2) {
            throw lines.error("a sequence of one step has no next one to predict; remove the line");
          }
          sequences.add(sequence);
        }
      }
    }
    if (sequences.isEmpty()) {
      throw new DataException(
          file + ": holds no sequence; write steps such as 60,64 62 - on each line");
    }
    return List.copyOf(sequences);
  }

  private static List<List<String>> parse(String line, Optional<Labels> known, TextLines lines) {
    return steps(line)
        .map(
            step ->
                known.isPresent()
                    ? LabelSet.parse(step, known.get(), lines)
                    : LabelSet.parse(step, lines))
        .toList();
  }

  /**
   * The steps of a sequence.
   *
   * @throws IllegalArgumentException when a label is empty or occurs twice in a step
   */
  public static List<List<String>> parse(String line) {
    return steps(line).map(LabelSet::parse).toList();
  }

  private static Stream<String> steps(String line) {
    return Arrays.stream(line.strip().split("\\s+"));
  }
}
