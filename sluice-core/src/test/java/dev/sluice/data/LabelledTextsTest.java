package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledTextsTest {
  @TempDir private Path folder;

  @Test
  void firstTabSplitsAndEmptyLinesAreSkipped() throws IOException {
    assertThat(LabelledTexts.read(file("ham\thello\n\n spam \tbuy\tnow \r\n")))
        .containsExactly(new LabelledText("ham", "hello"), new LabelledText("spam", "buy\tnow "));
  }

  @ParameterizedTest
  @CsvSource({
    "no tab, 'no tab between label and text; write label<TAB>text'",
    "'\ttext', 'no label before the tab; write label<TAB>text'",
    "' \ttext', 'no label before the tab; write label<TAB>text'",
    "'label\t ', 'no text after the tab; write label<TAB>text or remove the line'",
  })
  void malformedLineIsAnErrorAtThatLine(String line, String message) throws IOException {
    Path file = file("a\tb\n\n" + line + "\n");
    assertThatThrownBy(() -> LabelledTexts.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ":3: " + message);
  }

  @Test
  void fileWithoutExamplesIsAnError() throws IOException {
    for (String content : List.of("", "\n\r\n")) {
      Path file = file(content);
      assertThatThrownBy(() -> LabelledTexts.read(file))
          .isInstanceOf(DataException.class)
          .hasMessage(file + ": holds no example; write one label<TAB>text on each line");
    }
  }

  @Test
  void labelUnknownToTheModelIsAnErrorThatListsTheKnownOnes() throws IOException {
    Path file = file("a\tx\nz\ty\n");
    assertThatThrownBy(() -> LabelledTexts.read(file, Labels.of(List.of("a", "b", "c"))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ":2: label 'z' does not occur in training, which has a, b, c (3 in all);"
                + " correct it or train with it");
    assertThat(LabelledTexts.read(file, Labels.of(List.of("a", "z")))).hasSize(2);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("in.tsv"), content);
  }
}
