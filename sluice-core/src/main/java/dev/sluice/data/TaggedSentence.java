package dev.sluice.data;

import java.util.List;

/** An example of tagging: the words of a sentence, and a tag for each of them. */
public record TaggedSentence(List<String> words, List<String> tags) {
  /** Fails when there is no word, or not a tag for each. */
  public TaggedSentence {
    words = List.copyOf(words);
    tags = List.copyOf(tags);
    if (words.isEmpty() || words.size() != tags.size()) {
      throw new IllegalArgumentException(
          "a tagged sentence needs a word and as many tags as words, got %d and %d"
              .formatted(words.size(), tags.size()));
    }
  }
}
