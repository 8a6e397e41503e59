package dev.sluice.data;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The classes a classifier tells apart: label to id and back, ids from 0.
 *
 * <p>A closed set, unlike a {@link Vocabulary}: there is no unknown label. Either they exclude each
 * other, so that an example has one of them, or they are independent, and it has any number.
 */
public final class Labels {
  private static final int SHOWN = 10;

  private final List<String> names;
  private final boolean exclusive;
  private final Map<String, Integer> ids = new HashMap<>();

  private Labels(List<String> names, boolean exclusive) {
    this.names = names;
    this.exclusive = exclusive;
    for (String name : names) {
      ids.put(name, ids.size());
    }
  }

  /**
   * Labels whose ids are their positions in {@code names}, as a model stores them.
   *
   * @throws IllegalArgumentException when a name occurs twice
   */
  public static Labels of(List<String> names) {
    Labels labels = new Labels(List.copyOf(names), true);
    if (labels.ids.size() < names.size()) {
      throw new IllegalArgumentException("a label occurs twice in " + names);
    }
    return labels;
  }

  /** The labels that occur in {@code examples}, in code point order. */
  public static Labels in(Collection<LabelledText> examples) {
    return inOrder(examples.stream().map(LabelledText::label));
  }

  /** The labels that occur in {@code examples}, in code point order. */
  public static Labels inSeries(Collection<LabelledSeries> examples) {
    return inOrder(examples.stream().map(LabelledSeries::label));
  }

  /** The tags that occur in {@code sentences}, in code point order. */
  public static Labels inSentences(Collection<TaggedSentence> sentences) {
    return inOrder(sentences.stream().flatMap(sentence -> sentence.tags().stream()));
  }

  /** The labels that occur in sets of them, in code point order, as independent ones. */
  public static Labels inSets(Stream<List<String>> sets) {
    return inOrder(sets.flatMap(List::stream)).independent();
  }

  private static Labels inOrder(Stream<String> names) {
    return new Labels(names.distinct().sorted(Vocabulary.CODE_POINT_ORDER).toList(), true);
  }

  /** The same labels, which do not exclude each other. */
  public Labels independent() {
    return new Labels(names, false);
  }

  /** Whether an example has exactly one of them. */
  public boolean areExclusive() {
    return exclusive;
  }

  /** How many labels there are, K. */
  public int size() {
    return names.size();
  }

  public boolean contains(String name) {
    return ids.containsKey(name);
  }

  /**
   * The id of a label, 0 to K - 1.
   *
   * @throws IllegalArgumentException when it is not one of these labels
   */
  public int id(String name) {
    Integer id = ids.get(name);
    if (id == null) {
      throw new IllegalArgumentException("label '%s' is not among %s".formatted(name, this));
    }
    return id;
  }

  /** Fails at the line that was read last unless {@code name}, the {@code kind} of it, is one of these. */
  void require(String name, String kind, TextLines lines) {
    if (!contains(name)) {
      throw lines.error(
          "%s '%s' does not occur in training, which has %s; correct it or train with it"
              .formatted(kind, name, this));
    }
  }

  /** The label of an id. */
  public String name(int id) {
    return names.get(id);
  }

  /** All labels, in the order of their ids. */
  public List<String> names() {
    return names;
  }

  /** For people: the first ten labels and how many there are. */
  @Override
  public String toString() {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, size())));
    return "%s%s (%d in all)".formatted(shown, size() > SHOWN ? ", ..." : "", size());
  }
}
