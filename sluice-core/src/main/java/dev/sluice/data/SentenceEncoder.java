package dev.sluice.data;

import java.util.List;
import java.util.Locale;

/**
 * The words of sentences to numbers: what a word is, regardless of its case, and how it is written.
 *
 * @param words of lower-cased words
 * @param characters of code points as they are written
 */
public record SentenceEncoder(Vocabulary words, Vocabulary characters) {
  /** The most characters of a word that are read: more have addresses and rows of dots alone. */
  static final int LONGEST = 64;

  /**
   * A word as numbers.
   *
   * @param form as it is written
   * @param id of the lower-cased word, {@link Vocabulary#UNKNOWN} when it is not known
   * @param characters ids, at least one
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, never compared
  public record Word(String form, int id, int... characters) {}

  /**
   * The vocabularies of some sentences.
   *
   * @param minimumCount rarer words and characters are unknown
   */
  public static SentenceEncoder learn(List<TaggedSentence> sentences, int minimumCount) {
    return new SentenceEncoder(
        vocabulary(sentences, minimumCount, SentenceEncoder::lowerCased),
        vocabulary(sentences, minimumCount, SentenceEncoder::spelled));
  }

  private interface Tokens {
    List<String> of(String word);
  }

  private static Vocabulary vocabulary(
      List<TaggedSentence> sentences, int minimumCount, Tokens tokens) {
    return Vocabulary.build(
        sentences.stream().flatMap(s -> s.words().stream()).map(tokens::of),
        minimumCount,
        Integer.MAX_VALUE);
  }

  /** A word as numbers. */
  public Word encode(String form) {
    return new Word(form, words.id(lowerCased(form).getFirst()), characters.ids(spelled(form)));
  }

  private static List<String> lowerCased(String form) {
    return List.of(String.join("", Tokenizer.CHARACTERS.tokens(form)).toLowerCase(Locale.ROOT));
  }

  private static List<String> spelled(String form) {
    List<String> characters = Tokenizer.CHARACTERS.tokens(form);
    return characters.subList(0, Math.min(LONGEST, characters.size()));
  }
}
