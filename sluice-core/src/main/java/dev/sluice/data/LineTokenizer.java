package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How a running text becomes tokens, for language models, which learn to end lines as well. A single
 * text to be classified has a {@link Tokenizer}.
 */
public enum LineTokenizer {
  /**
   * What is between blanks, and {@code <eos>} at the end of each line, also of an empty one: the
   * convention of the published figures on Penn Treebank and WikiText.
   */
  WORDS {
    @Override
    public List<String> tokens(String line) {
      List<String> tokens = new ArrayList<>();
      int start = 0;
      for (int i = 0; i <= line.length(); i++) {
        if (i == line.length() || Tokenizer.isBlank(line.charAt(i))) {
          if (i > start) {
            tokens.add(line.substring(start, i));
          }
          start = i + 1;
        }
      }
      tokens.add(END_OF_LINE);
      return tokens;
    }

    @Override
    public String endOfLine() {
      return END_OF_LINE;
    }

    @Override
    public String text(String token) {
      return token.equals(END_OF_LINE) ? "\n" : token + " ";
    }
  },

  /** Every code point, composed as {@link Tokenizer#CHARACTERS} does, and the line feed. */
  CHARACTERS {
    @Override
    public List<String> tokens(String line) {
      List<String> tokens = new ArrayList<>(Tokenizer.CHARACTERS.tokens(line));
      tokens.add(LINE_FEED);
      return tokens;
    }

    @Override
    public String endOfLine() {
      return LINE_FEED;
    }

    @Override
    public String text(String token) {
      return token;
    }
  };

  private static final String END_OF_LINE = "<eos>";
  private static final String LINE_FEED = "\n";

  /** The tokens of a line that is given without its end, with a token for the end. */
  public abstract List<String> tokens(String line);

  /** The token at the end of a line. */
  public abstract String endOfLine();

  /** {@code token} as it is written into a text. */
  public abstract String text(String token);
}
