package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets of labels, alone, in sequences and in front of texts. */
class SetSequencesTest {
  @TempDir private Path folder;

  @Test
  void sequencesOfSets() throws IOException {
    Path file = file("60,64 - 60\n\n72 60,64\n");
    assertThat(SetSequences.read(file))
        .containsExactly(
            List.of(List.of("60", "64"), List.of(), List.of("60")),
            List.of(List.of("72"), List.of("60", "64")));
    assertThat(LabelSet.format(List.of())).isEqualTo("-");
    assertThat(LabelSet.format(LabelSet.parse("60,64"))).isEqualTo("60,64");
  }

  @Test
  void errorsNameFileAndLine() throws IOException {
    refuses("1 2\n1,, 2\n", ":2: '1,,' has an empty label; write a,b or - for none");
    refuses("1,1 2\n", ":1: '1,1' has a label twice");
    refuses("1 2\n1\n", ":2: a sequence of one step has no next one to predict; remove the line");
    refuses("\n", ": holds no sequence");
    Path unknown = file("1 2\n1 3\n");
    Labels labels = Labels.of(List.of("1", "2")).independent();
    assertThatThrownBy(() -> SetSequences.read(unknown, labels))
        .hasMessageStartingWith(unknown + ":2: label '3' does not occur in training");
  }

  @Test
  void textsWithSetsOfLabels() throws IOException {
    Path file = file("b,a\tx\n-\ty\n");
    List<LabelledText> texts = LabelledTexts.readSets(file);
    Labels labels = Labels.inSets(texts.stream().map(t -> LabelSet.parse(t.label())));
    assertThat(labels.names()).containsExactly("a", "b");
    assertThat(labels.areExclusive()).isFalse();
    assertThat(LabelledTexts.read(file, labels)).isEqualTo(texts);
    Path other = file("a,c\tx\n");
    assertThatThrownBy(() -> LabelledTexts.read(other, labels))
        .hasMessageStartingWith(other + ":1: label 'c' does not occur in training, which has a, b");
    Path empty = file("a,\tx\n");
    assertThatThrownBy(() -> LabelledTexts.readSets(empty))
        .hasMessageStartingWith(empty + ":1: 'a,' has an empty label");
  }

  private void refuses(String content, String message) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> SetSequences.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + message);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("sets"), content);
  }
}
