package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {
  @Test
  void frequentTokensComeFirstThenCodePointOrder() {
    Vocabulary vocabulary = build(1, 100, "b", "\uD83D\uDE00", "\uFFFD", "a", "z", "z");
    assertThat(tokens(vocabulary))
        .containsExactly("<unk>", "z", "a", "b", "\uFFFD", "\uD83D\uDE00");
  }

  @Test
  void countsOverAllTexts() {
    Stream<List<String>> texts = Stream.of(List.of("a", "b"), List.of("b"));
    assertThat(tokens(Vocabulary.build(texts, 2, 100))).containsExactly("<unk>", "b");
  }

  @Test
  void maximumSizeIncludesTheUnknownToken() {
    assertThat(tokens(build(1, 2, "a", "b", "b"))).containsExactly("<unk>", "b");
    assertThat(build(1, 1, "a").size()).isEqualTo(1);
    assertThatThrownBy(() -> build(1, 0, "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a vocabulary holds at least <unk>, so its maximum size cannot be 0");
  }

  @Test
  void unknownTokensAndEmptyTextsHaveTheUnknownId() {
    Vocabulary vocabulary = build(1, 100, "a", "<unk>", "<unk>");
    assertThat(vocabulary.size()).isEqualTo(2);
    assertThat(vocabulary.ids(List.of("a", "x", "<unk>"))).containsExactly(1, 0, 0);
    assertThat(vocabulary.ids(List.of())).containsExactly(Vocabulary.UNKNOWN);
  }

  @Test
  void writtenVocabularyReadsBackWithTheSameIds() {
    Vocabulary vocabulary =
        build(1, 100, " ", "\t", "\n", "\r", "\\", "\\n", "a b", "\u00A0", "\u2028", "中", "\uFEFF");
    List<String> lines = vocabulary.lines();
    assertThat(lines).contains("\\s", "\\t", "\\n", "\\r", "\\\\", "\\\\n", "a\\sb");
    assertThat(tokens(parse(String.join("\n", lines) + "\n"))).isEqualTo(tokens(vocabulary));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'vocabulary.txt:1: an empty vocabulary; it starts with <unk>'",
    "'a|<unk>', 'vocabulary.txt:1: a vocabulary starts with <unk>, this is ''a'''",
    "'<unk>|a|b|a', 'vocabulary.txt:4: the token ''a'' occurs twice'",
    "'<unk>||b', 'vocabulary.txt:2: an empty line in a vocabulary; was the file edited?'",
    "'<unk>|\\x', 'vocabulary.txt:2: ''\\x'' has an escape other than \\\\ \\s \\t \\n \\r'",
    "'<unk>|a\\', 'vocabulary.txt:2: ''a\\'' has an escape other than \\\\ \\s \\t \\n \\r'",
  })
  void malformedVocabularyIsAnError(String content, String message) {
    assertThatThrownBy(() -> parse(content.replace('|', '\n')))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
  }

  @Test
  void whatAHostileVocabularyHoldsIsShownOnOneLine() {
    assertThatThrownBy(() -> parse("\u001b[2J\u2028\r" + "x".repeat(1000)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "vocabulary.txt:1: a vocabulary starts with <unk>, this is '\\u001b[2J\\u2028\\u000d"
                + "x".repeat(74)
                + "...'");
  }

  private static Vocabulary build(int minimumCount, int maximumSize, String... tokens) {
    return Vocabulary.build(Stream.of(List.of(tokens)), minimumCount, maximumSize);
  }

  private static Vocabulary parse(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return Vocabulary.parse(TextLines.of("vocabulary.txt", new ByteArrayInputStream(bytes)));
  }

  private static List<String> tokens(Vocabulary vocabulary) {
    List<String> tokens =
        IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::token).toList();
    for (int id = 0; id < tokens.size(); id++) {
      assertThat(vocabulary.id(tokens.get(id))).isEqualTo(id);
    }
    return tokens;
  }
}
