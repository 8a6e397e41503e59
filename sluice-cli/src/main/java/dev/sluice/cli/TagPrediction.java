package dev.sluice.cli;

import dev.sluice.data.TagColumn;
import dev.sluice.data.TaggedSentence;
import dev.sluice.data.TaggedSentences;
import dev.sluice.data.TextLines;
import dev.sluice.model.Tagger;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code predict} with a tagger: sentences in, {@code token<TAB>tag} out, an empty line after each. */
final class TagPrediction {
  private static final int SENTENCES = 64;

  private final Tagger model;
  private final Tape tape;
  private final PrintWriter out;
  private final boolean json;

  /** What {@code --json} prints for a sentence. */
  private record Answer(List<String> words, List<String> tags) {}

  TagPrediction(Tagger model, Backend backend, PrintWriter out, boolean json) {
    this.model = model;
    this.tape = Tape.inference(backend, model.parameters());
    this.out = out;
    this.json = json;
  }

  /** Tags the sentences of a CoNLL-U file, whose own tags are not looked at. */
  void answerConllu(TextLines lines) {
    List<List<String>> sentences = new ArrayList<>();
    Optional<TaggedSentence> next = TaggedSentences.next(lines, TagColumn.UPOS);
    while (next.isPresent()) {
      sentences.add(next.get().words());
      next = TaggedSentences.next(lines, TagColumn.UPOS);
      if (sentences.size() == SENTENCES || next.isEmpty()) {
        answer(sentences);
        sentences.clear();
      }
    }
  }

  /** Tags sentences, their words with blanks between them; lines without a word are left out. */
  void answerLines(List<String> lines) {
    List<List<String>> sentences =
        lines.stream()
            .filter(line -> !line.isBlank())
            .map(line -> Arrays.asList(line.strip().split("\\s+")))
            .toList();
    if (!sentences.isEmpty()) {
      answer(sentences);
    }
  }

  private void answer(List<List<String>> sentences) {
    List<List<String>> tags = model.tag(tape, sentences);
    for (int i = 0; i < tags.size(); i++) {
      if (json) {
        Json.print(out, new Answer(List.copyOf(sentences.get(i)), tags.get(i)));
        continue;
      }
      for (int t = 0; t < tags.get(i).size(); t++) {
        out.println(sentences.get(i).get(t) + "\t" + tags.get(i).get(t));
      }
      out.println();
    }
    out.flush();
  }
}
