package dev.sluice.data;

import static dev.sluice.data.LineTokenizer.CHARACTERS;
import static dev.sluice.data.LineTokenizer.WORDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running text to tokens, and those to the streams and windows that a language model reads. */
class RunningTextTest {
  @Test
  void wordsAreWhatIsBetweenBlanks() {
    assertThat(WORDS.tokens("  The <unk>  cat's\u00A0hat . "))
        .containsExactly("The", "<unk>", "cat's", "hat", ".", "<eos>");
    assertThat(WORDS.tokens(" ")).containsExactly("<eos>");
  }

  @Test
  void charactersAreCodePointsAndTheLineFeed() {
    assertThat(CHARACTERS.tokens("A e\u0301")).containsExactly("A", " ", "é", "\n");
    assertThat(CHARACTERS.tokens("")).containsExactly("\n");
  }

  @Test
  void tokensBecomeTextAgain() {
    for (LineTokenizer tokenizer : LineTokenizer.values()) {
      String text =
          tokenizer.tokens("so it is").stream().map(tokenizer::text).collect(Collectors.joining());
      assertThat(text.replace(" \n", "\n")).isEqualTo("so it is\n");
      assertThat(tokenizer.text(tokenizer.endOfLine())).isEqualTo("\n");
    }
  }

  @Test
  void readsAFileAsOneSequence(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("text"), "b a\n\nc a\n");
    RunningText text = RunningText.read(file);
    Vocabulary vocabulary = Vocabulary.build(text.tokens(WORDS), 2, 10); // <unk> <eos> a
    assertThat(vocabulary.lines()).containsExactly("<unk>", "<eos>", "a");
    assertThat(text.ids(WORDS, vocabulary)).containsExactly(0, 2, 1, 1, 0, 2, 1);
    Files.writeString(file, "");
    assertThatThrownBy(() -> RunningText.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": is empty; give a text");
  }

  @Test
  void streamsAreReadSideBySide() {
    TokenStreams streams = new TokenStreams(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 2);
    assertThat(streams.targets()).isEqualTo(8); // 10 is dropped, 0 and 5 are no targets
    assertThat(streams.windows(3)).isEqualTo(2);
    TokenStreams.Window first = streams.window(0, 3);
    assertThat(first.inputs()).containsExactly(0, 5, 1, 6, 2, 7);
    assertThat(first.targets()).containsExactly(1, 6, 2, 7, 3, 8);
    TokenStreams.Window last = streams.window(1, 3);
    assertThat(last.packing().steps()).isEqualTo(1);
    assertThat(last.inputs()).containsExactly(3, 8);
    assertThat(last.targets()).containsExactly(4, 9);
  }

  @Test
  void oneStreamKeepsEveryToken() {
    TokenStreams one = new TokenStreams(new int[] {3, 4, 5}, 1);
    assertThat(one.targets()).isEqualTo(2);
    assertThat(one.window(0, 9).targets()).containsExactly(4, 5);
  }

  @Test
  void tooFewTokensAreRefused() {
    int[] ids = new int[19];
    assertThatThrownBy(() -> new TokenStreams(ids, 10))
        .hasMessage("19 tokens are too few for 10 streams, which need at least 2 each");
    assertThat(List.of(new TokenStreams(ids, 9).targets())).containsExactly(9L);
  }
}
