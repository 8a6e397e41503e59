package dev.sluice.data;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a text becomes tokens: a pure function, the same for every locale and machine.
 *
 * <p>Both tokenizers first compose the text (Unicode NFC), so that "é" is the same whether it was
 * typed as one code point or two, and read an unpaired surrogate as U+FFFD. A blank text may have
 * no token at all; {@link Vocabulary#ids} makes one unknown token of it.
 */
public enum Tokenizer {
  /** Every code point is a token, blanks and upper case included. */
  CHARACTERS {
    @Override
    public List<String> tokens(String text) {
      List<String> tokens = new ArrayList<>(text.length());
      for (int c : codePoints(text)) {
        tokens.add(Character.toString(c));
      }
      return tokens;
    }
  },

  /**
   * Lower-cased runs of letters, marks and digits; every other code point that is not a blank is a
   * token of its own, and so is every ideograph, since Chinese sets no blanks between words.
   */
  WORDS {
    @Override
    public List<String> tokens(String text) {
      List<String> tokens = new ArrayList<>();
      StringBuilder word = new StringBuilder();
      for (int c : codePoints(text.toLowerCase(Locale.ROOT))) {
        if (isPartOfWord(c)) {
          word.appendCodePoint(c);
          continue;
        }
        flush(word, tokens);
        if (!isBlank(c)) {
          tokens.add(Character.toString(c));
        }
      }
      flush(word, tokens);
      return tokens;
    }
  };

  private static final int MARKS =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.COMBINING_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK;
  private static final int REPLACEMENT = 0xFFFD;

  /** The tokens of {@code text} in order, none of them empty. */
  public abstract List<String> tokens(String text);

  private static int[] codePoints(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
        .toArray();
  }

  private static boolean isPartOfWord(int c) {
    boolean mark = (MARKS >> Character.getType(c) & 1) != 0;
    return (Character.isLetterOrDigit(c) || mark) && !Character.isIdeographic(c);
  }

  static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static void flush(StringBuilder word, List<String> tokens) {
    if (!word.isEmpty()) {
      tokens.add(word.toString());
      word.setLength(0);
    }
  }
}
