package dev.sluice.data;

import java.util.Arrays;
import java.util.List;

/** Any number of labels as text: with commas between them, {@code -} for none of them. */
public final class LabelSet {
  private static final String EMPTY = "-";

  private LabelSet() {}

  /**
   * The labels of a text.
   *
   * @throws IllegalArgumentException when one is empty or occurs twice
   */
  public static List<String> parse(String text) {
    if (text.strip().equals(EMPTY)) {
      return List.of();
    }
    List<String> labels = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (labels.contains("")) {
      throw new IllegalArgumentException(
          "'%s' has an empty label; write a,b or - for none".formatted(text));
    }
    if (labels.stream().distinct().count() < labels.size()) {
      throw new IllegalArgumentException("'%s' has a label twice".formatted(text));
    }
    return labels;
  }

  /** The text that {@link #parse} reads. */
  public static String format(List<String> labels) {
    return labels.isEmpty() ? EMPTY : String.join(",", labels);
  }

  /** The labels of a text at the line that was read last, each among {@code known}. */
  static List<String> parse(String text, Labels known, TextLines lines) {
    List<String> labels = parse(text, lines);
    labels.forEach(label -> known.require(label, "label", lines));
    return labels;
  }

  /** The labels of a text at the line that was read last. */
  static List<String> parse(String text, TextLines lines) {
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw lines.error(String.valueOf(e.getMessage()));
    }
  }
}
