package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextEncoderTest {
  private static TextEncoder encoder(Tokenizer tokenizer, int ngrams, String... texts) {
    return new TextEncoder(
        tokenizer, ngrams, TextEncoder.learn(tokenizer, ngrams, Stream.of(texts), 1, 100));
  }

  @Test
  void aTokenAloneIsItsUnigram() {
    TextEncoder encoder = encoder(Tokenizer.CHARACTERS, 1, "aab");
    assertThat(encoder.vocabulary().lines()).containsExactly("<unk>", "a", "b");
    assertThat(encoder.encode("bax")).isDeepEqualTo(new int[][] {{2, 1, 0}});
  }

  @Test
  void aStepSeesTheNgramsThatBeginThere() {
    TextEncoder encoder = encoder(Tokenizer.WORDS, 3, "to be or");
    Vocabulary v = encoder.vocabulary();
    assertThat(encoder.encode("to be or"))
        .isDeepEqualTo(
            new int[][] {
              {v.id("to"), v.id("be"), v.id("or")},
              {v.id("to be"), v.id("be or"), v.id("or ")},
              {v.id("to be or"), v.id("be or "), v.id("or  ")}
            });
    assertThat(encoder.encode("be to")[1]).containsExactly(0, 0);
    assertThat(v.size()).isEqualTo(10);
  }

  @Test
  void ngramsOfDifferentTokensDiffer() {
    // a blank is a token too: "a" + " " and "a" + end
    TextEncoder encoder = encoder(Tokenizer.CHARACTERS, 2, "a b");
    Vocabulary v = encoder.vocabulary();
    assertThat(v.lines())
        .containsExactlyInAnyOrder("<unk>", "a", "\\s", "b", "a\\s\\s", "\\s\\sb", "b\\s");
  }

  @Test
  void aTextWithoutTokensIsOneUnknownToken() {
    assertThat(encoder(Tokenizer.WORDS, 2, "a").encode("  ")).isDeepEqualTo(new int[][] {{0}, {0}});
  }
}
