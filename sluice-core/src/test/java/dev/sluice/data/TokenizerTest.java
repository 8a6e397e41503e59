package dev.sluice.data;

import static dev.sluice.data.Tokenizer.CHARACTERS;
import static dev.sluice.data.Tokenizer.WORDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  @Test
  void charactersAreComposedCodePoints() {
    assertThat(CHARACTERS.tokens("A é")).containsExactly("A", " ", "é");
    assertThat(CHARACTERS.tokens("e\u0301")).containsExactly("é");
    assertThat(CHARACTERS.tokens("\uD83D\uDE00中")).containsExactly("\uD83D\uDE00", "中");
  }

  @Test
  void wordsAreLowerCasedRunsOfLettersMarksAndDigits() {
    assertThat(WORDS.tokens("Don't  pay 25€!"))
        .containsExactly("don", "'", "t", "pay", "25", "€", "!");
    assertThat(WORDS.tokens("हिन्दी भाषा")).containsExactly("हिन्दी", "भाषा");
    assertThat(WORDS.tokens("a\u00A0b\u3000c")).containsExactly("a", "b", "c");
  }

  @Test
  void ideographsAreWordsOfTheirOwn() {
    assertThat(WORDS.tokens("北京2008年，カタ")).containsExactly("北", "京", "2008", "年", "，", "カタ");
  }

  @Test
  void unpairedSurrogatesAreReplaced() {
    assertThat(CHARACTERS.tokens("\uD83D")).containsExactly("\uFFFD");
    assertThat(WORDS.tokens("\uDE00")).containsExactly("\uFFFD");
  }

  @Test
  void blankTextHasNoWords() {
    assertThat(WORDS.tokens(" \t\u3000")).isEmpty();
    assertThat(CHARACTERS.tokens("")).isEmpty();
  }

  @Test
  void defaultLocaleHasNoInfluence() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("tr"));
      assertThat(WORDS.tokens("TITLE")).containsExactly("title");
    } finally {
      Locale.setDefault(before);
    }
  }
}
