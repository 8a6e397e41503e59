package dev.sluice.data;

import static dev.sluice.data.Shown.excerpt;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Token to id and back: id 0 is {@code <unk>}, which stands for every token that is not in it.
 *
 * <p>Written as a text file of one token per line, line number less one being the id; backslash,
 * blank, tab and line ends are written {@code \\}, {@code \s}, {@code \t}, {@code \n} and {@code
 * \r}. The set of labels is {@link Labels}.
 */
public final class Vocabulary {
  /** The id of unknown tokens. */
  public static final int UNKNOWN = 0;

  /** Rising code points: unlike {@link String#compareTo}, the order of UTF-8 bytes. */
  static final Comparator<String> CODE_POINT_ORDER =
      Comparator.comparing(s -> s.codePoints().toArray(), Arrays::compare);

  private static final String UNKNOWN_TOKEN = "<unk>";
  private static final String SPECIAL = "\\ \t\n\r";
  private static final String ESCAPES = "\\stnr";
  private static final String ESCAPES_FOR_PEOPLE = "\\\\ \\s \\t \\n \\r";

  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();

  private Vocabulary(List<String> tokens) {
    this.tokens = tokens;
    for (String token : tokens) {
      ids.put(token, ids.size());
    }
  }

  /**
   * The most frequent tokens of some texts, by falling count, equal counts in code point order.
   *
   * @param texts the tokens of each text
   * @param minimumCount rarer tokens are left out
   * @param maximumSize the most tokens to keep, {@code <unk>} included
   * @throws IllegalArgumentException when {@code maximumSize} is below 1
   */
  public static Vocabulary build(Stream<List<String>> texts, int minimumCount, int maximumSize) {
    if (maximumSize < 1) {
      throw new IllegalArgumentException(
          "a vocabulary holds at least %s, so its maximum size cannot be %d"
              .formatted(UNKNOWN_TOKEN, maximumSize));
    }
    Map<String, Long> counts = new HashMap<>();
    texts.forEach(tokens -> tokens.forEach(token -> counts.merge(token, 1L, Long::sum)));
    counts.remove(UNKNOWN_TOKEN);
    Stream<String> frequent =
        counts.entrySet().stream()
            .filter(e -> e.getValue() >= minimumCount)
            .sorted(
                Map.Entry.<String, Long>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey(CODE_POINT_ORDER)))
            .map(Map.Entry::getKey)
            .limit(maximumSize - 1);
    return new Vocabulary(Stream.concat(Stream.of(UNKNOWN_TOKEN), frequent).toList());
  }

  /**
   * Reads what {@link #lines} wrote.
   *
   * @throws DataException when the first line is not {@code <unk>}, a line is empty, an escape is
   *     unknown or a token occurs twice
   */
  public static Vocabulary parse(TextLines lines) {
    Set<String> tokens = new LinkedHashSet<>();
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      String token = unescape(line.get(), lines);
      if (tokens.isEmpty() && !token.equals(UNKNOWN_TOKEN)) {
        throw lines.error(
            "a vocabulary starts with <unk>, this is '%s'".formatted(excerpt(line.get())));
      }
      if (token.isEmpty()) {
        throw lines.error("an empty line in a vocabulary; was the file edited?");
      }
      if (!tokens.add(token)) {
        throw lines.error("the token '%s' occurs twice".formatted(excerpt(line.get())));
      }
    }
    if (tokens.isEmpty()) {
      throw lines.error("an empty vocabulary; it starts with <unk>");
    }
    return new Vocabulary(List.copyOf(tokens));
  }

  /** The lines of the vocabulary's file, without line ends. */
  public List<String> lines() {
    return tokens.stream().map(Vocabulary::escape).toList();
  }

  /** How many tokens there are, V, {@code <unk>} included. */
  public int size() {
    return tokens.size();
  }

  /** The id of a token, 0 to V - 1; {@link #UNKNOWN} when it is not in the vocabulary. */
  public int id(String token) {
    return ids.getOrDefault(token, UNKNOWN);
  }

  /** The token of an id. */
  public String token(int id) {
    return tokens.get(id);
  }

  /**
   * The ids of the tokens of a text, at least one: a text without tokens counts as one unknown
   * token, since a sequence needs a step.
   */
  public int[] ids(List<String> text) {
    return text.isEmpty() ? new int[] {UNKNOWN} : text.stream().mapToInt(this::id).toArray();
  }

  private static String escape(String token) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      int special = SPECIAL.indexOf(c);
      line.append(special < 0 ? c : "\\" + ESCAPES.charAt(special));
    }
    return line.toString();
  }

  private static String unescape(String line, TextLines lines) {
    StringBuilder token = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        int escape = ++i < line.length() ? ESCAPES.indexOf(line.charAt(i)) : -1;
        if (escape < 0) {
          throw lines.error("'%s' has an escape other than %s".formatted(line, ESCAPES_FOR_PEOPLE));
        }
        c = SPECIAL.charAt(escape);
      }
      token.append(c);
    }
    return token.toString();
  }
}
