package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaggedSentencesTest {
  private static final String CONLLU =
      """
      # text = I don't\tknow
      1\tI\tI\tPRON\tPRP\t_\t3\tnsubj\t_\t_
      2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
      2\tdo\tdo\tAUX\tVBP\t_\t3\taux\t_\t_
      2.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_
      3\tn't\tnot\tPART\tRB\t_\t0\troot\t_\t_


      # text = Hi
      1\tHi\thi\tINTJ\tUH\t_\t0\troot\t_\t_
      """;

  @TempDir private Path folder;

  @Test
  void conlluHasRangesEmptyNodesAndCommentsThatAreNoWords() throws IOException {
    assertThat(TaggedSentences.read(file(CONLLU), TagColumn.UPOS))
        .containsExactly(
            new TaggedSentence(List.of("I", "do", "n't"), List.of("PRON", "AUX", "PART")),
            new TaggedSentence(List.of("Hi"), List.of("INTJ")));
    assertThat(TaggedSentences.read(file(CONLLU), TagColumn.DEPREL).getFirst().tags())
        .containsExactly("nsubj", "aux", "root");
  }

  @Test
  void tokensAndTags() throws IOException {
    assertThat(TaggedSentences.read(file("\n#\tNN\r\n1-2\tCD\n\na\tb\n"), TagColumn.SECOND))
        .containsExactly(
            new TaggedSentence(List.of("#", "1-2"), List.of("NN", "CD")),
            new TaggedSentence(List.of("a"), List.of("b")));
  }

  @Test
  void errorsNameFileAndLine() throws IOException {
    refuses(
        "a\tb\nc d\n",
        TagColumn.SECOND,
        ":2: expected token<TAB>tag, got 1 column(s); of CoNLL-U say");
    refuses(CONLLU, TagColumn.SECOND, ":2: expected token<TAB>tag, got 10 column(s)");
    refuses(
        "a\tb\n",
        TagColumn.XPOS,
        ":1: expected the 10 columns of CoNLL-U with tabs between them, got 2");
    refuses("a\t \n", TagColumn.SECOND, ":1: the word or its tag is empty");
    refuses("\n\n", TagColumn.SECOND, ": holds no sentence; write a word on each line");
    Path other = file("a\tb\n\nc\tz\n");
    assertThatThrownBy(
            () -> TaggedSentences.read(other, TagColumn.SECOND, Labels.of(List.of("b", "c"))))
        .hasMessage(
            other
                + ":3: tag 'z' does not occur in training, which has b, c (2 in all);"
                + " correct it or train with it");
  }

  private void refuses(String content, TagColumn column, String message) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> TaggedSentences.read(file, column))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + message);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("sentences"), content);
  }
}
