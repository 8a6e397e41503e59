package dev.sluice.cli;

import dev.sluice.data.RunningText;
import dev.sluice.data.TokenStreams;
import dev.sluice.data.Vocabulary;
import dev.sluice.io.Provenance;
import dev.sluice.model.LanguageModel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text as a language model reads it.
 *
 * @param identity what identifies it
 * @param unknown tokens that are not in the vocabulary
 * @param streams what it is cut into
 */
record LanguageModelText(Provenance.Data identity, long unknown, TokenStreams streams) {
  /**
   * Cuts {@code text} into streams.
   *
   * @param file where it is from, for messages
   * @param option says into how many streams
   * @throws UserException when it is too short for them
   */
  static LanguageModelText cut(
      LanguageModel model, Path file, RunningText text, String option, int streams) {
    int[] ids = text.ids(model.config().tokenizer(), model.vocabulary());
    try {
      return new LanguageModelText(
          new Provenance.Data(ids.length, Provenance.Data.of(text.lines(), line -> line).sha256()),
          Arrays.stream(ids).filter(id -> id == Vocabulary.UNKNOWN).count(),
          new TokenStreams(ids, streams));
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "%s: %s; give more text or a smaller %s".formatted(file, e.getMessage(), option), e);
    }
  }
}
