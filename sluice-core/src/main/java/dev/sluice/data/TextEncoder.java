package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Text to numbers: the n-grams that begin at each token, as ids of one vocabulary.
 *
 * <p>With n-grams up to 2, a step sees its token and the pair with the next token; at the end of the text a pair
 * has an empty second part. Known words and word pieces then need not be learned by the recurrence, which is worth
 * several percent where training data is scarce (the bigram features of fastText, Joulin et al. 2017).
 *
 * @param tokenizer what a step is
 * @param ngrams the longest n-grams; 1 for tokens alone
 * @param vocabulary of n-grams of all lengths: the tokens of one, joined by blanks
 */
public record TextEncoder(Tokenizer tokenizer, int ngrams, Vocabulary vocabulary) {
  /**
   * The vocabulary of some texts.
   *
   * @param minimumCount rarer n-grams are left out
   * @param maximumSize the most n-grams to keep, {@code <unk>} included
   */
  public static Vocabulary learn(
      Tokenizer tokenizer, int ngrams, Stream<String> texts, int minimumCount, int maximumSize) {
    return Vocabulary.build(
        texts.map(text -> ngramsOfAllLengths(tokenizer.tokens(text), ngrams)),
        minimumCount,
        maximumSize);
  }

  /**
   * The ids of the n-grams at each of the T tokens of a text, (ngrams, T): unigrams, then pairs, and
   * so on. T is at least 1: a text without tokens counts as one unknown token.
   */
  public int[][] encode(String text) {
    List<String> tokens = tokenizer.tokens(text);
    int[][] ids = new int[ngrams][];
    for (int n = 1; n <= ngrams; n++) {
      ids[n - 1] = vocabulary.ids(ngrams(tokens, n));
    }
    return ids;
  }

  private static List<String> ngramsOfAllLengths(List<String> tokens, int longest) {
    List<String> all = new ArrayList<>(longest * tokens.size());
    for (int n = 1; n <= longest; n++) {
      all.addAll(ngrams(tokens, n));
    }
    return all;
  }

  /** For each token the n-gram that begins there. */
  private static List<String> ngrams(List<String> tokens, int n) {
    if (n == 1) {
      return tokens;
    }
    List<String> ngrams = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      StringBuilder ngram = new StringBuilder(tokens.get(i));
      for (int j = i + 1; j < i + n; j++) {
        ngram.append(' ').append(j < tokens.size() ? tokens.get(j) : "");
      }
      ngrams.add(ngram.toString());
    }
    return ngrams;
  }
}
