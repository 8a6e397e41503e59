package dev.sluice.data;

import dev.sluice.data.SentenceEncoder.Word;
import dev.sluice.matrix.Packing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A ragged batch of sentences, packed; each word that occurs in it is spelled once.
 *
 * @param packing where each word of each sentence is
 * @param words the id of the word of each row of {@code packing}
 * @param spellings the characters of the distinct words, a sequence for each
 * @param spelling which of them is that of each row
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a batch is made once, read by one thread, never compared
public record SentenceBatch(Packing packing, int[] words, TokenBatch spellings, int[] spelling) {
  /** Packs the given sentences, each of at least one word. */
  public static SentenceBatch of(List<List<Word>> sentences) {
    Packing packing = Packing.of(sentences.stream().mapToInt(List::size).toArray());
    int[] words = new int[packing.rows()];
    int[] spelling = new int[packing.rows()];
    List<int[][]> spellings = new ArrayList<>();
    Map<String, Integer> distinct = new HashMap<>();
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        Word word = sentences.get(packing.given(b)).get(t);
        int row = packing.offset(t) + b;
        words[row] = word.id();
        Integer known = distinct.putIfAbsent(word.form(), spellings.size());
        spelling[row] = known == null ? spellings.size() : known;
        if (known == null) {
          spellings.add(new int[][] {word.characters()});
        }
      }
    }
    return new SentenceBatch(packing, words, TokenBatch.of(spellings), spelling);
  }
}
