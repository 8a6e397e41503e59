package dev.sluice.train;

import dev.sluice.data.SentenceBatch;
import dev.sluice.data.SentenceEncoder;
import dev.sluice.data.SentenceEncoder.Word;
import dev.sluice.data.TaggedSentence;
import dev.sluice.matrix.Packing;
import dev.sluice.model.Tagger;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Teaches a {@link Tagger} from tagged sentences, and judges it: every word counts the same. */
public final class Tagging extends Classification {
  /** Sentences as numbers: the words of each, and their tags. */
  private record Sentences(Tagger model, List<List<Word>> words, List<int[]> tags)
      implements Examples<Batch> {
    static Sentences of(Tagger model, List<TaggedSentence> sentences) {
      SentenceEncoder encoder = model.encoder();
      Map<String, Word> known = new HashMap<>();
      return new Sentences(
          model,
          sentences.stream()
              .map(
                  sentence ->
                      sentence.words().stream()
                          .map(word -> known.computeIfAbsent(word, encoder::encode))
                          .toList())
              .toList(),
          sentences.stream()
              .map(sentence -> sentence.tags().stream().mapToInt(model.tags()::id).toArray())
              .toList());
    }

    @Override
    public int[] lengths() {
      return words.stream().mapToInt(List::size).toArray();
    }

    @Override
    public Batch batch(int... indices) {
      SentenceBatch batch = SentenceBatch.of(Arrays.stream(indices).mapToObj(words::get).toList());
      Packing packing = batch.packing();
      int[] targets = new int[packing.rows()];
      for (int t = 0; t < packing.steps(); t++) {
        for (int b = 0; b < packing.live(t); b++) {
          targets[packing.offset(t) + b] = tags.get(indices[packing.given(b)])[t];
        }
      }
      return new Batch(tape -> model.logits(tape, batch), targets, indices.length);
    }
  }

  /**
   * Training of {@code model} on {@code training}, judged by {@code validation}.
   *
   * @param seed of the order of batches
   * @throws IllegalArgumentException when a tag is not one of the model's
   */
  public Tagging(
      Tagger model,
      List<TaggedSentence> training,
      List<TaggedSentence> validation,
      int batchSize,
      float smoothing,
      long seed) {
    super(
        model.parameters(),
        model.tags().size(),
        Sentences.of(model, training),
        Sentences.of(model, validation),
        batchSize,
        smoothing,
        seed);
  }

  /** How a model does on the words of {@code sentences}, whose tags are all known to it. */
  public static ConfusionMatrix evaluate(Tape tape, Tagger model, List<TaggedSentence> sentences) {
    return evaluate(tape, model.tags().size(), Sentences.of(model, sentences));
  }
}
