package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.data.Labels;
import dev.sluice.data.SentenceBatch;
import dev.sluice.data.SentenceEncoder;
import dev.sluice.data.TokenBatch;
import dev.sluice.data.Vocabulary;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a sentence in, a tag for each of them out (Ling et al. 2015; Plank, Søgaard and
 * Goldberg 2016):
 *
 * <pre>
 *   characters of a word → embeddings → bidirectional LSTM → last output of both directions ─┐
 *   lower-cased word     → embedding ────────────────────────────────────────────────────────┴→ bidirectional LSTM → dense
 * </pre>
 *
 * <p>with dropout before and after the LSTM over words, and between its layers. In training a word is
 * now and then taken for an unknown one, so that there is something to learn for words never seen.
 *
 * <p>Any number of threads may tag with one model, each on a tape of its own.
 */
public final class Tagger {
  /**
   * The shape of the network.
   *
   * @param embedding width of a word's vector
   * @param characterEmbedding width of a character's vector
   * @param characterHidden units of each direction over characters
   * @param hidden units of each layer and direction over words
   * @param layers over words
   * @param dropout probability of dropping an element, while training
   * @param wordDropout probability of taking a word for an unknown one, while training
   */
  public record Config(
      int embedding,
      int characterEmbedding,
      int characterHidden,
      int hidden,
      int layers,
      float dropout,
      float wordDropout) {
    /** Fails when a number is out of range. */
    public Config {
      if (embedding < 1
          || characterEmbedding < 1
          || characterHidden < 1
          || hidden < 1
          || layers < 1) {
        throw new IllegalArgumentException(
            "the sizes of a tagger must be at least 1, got %d, %d, %d, %d, %d"
                .formatted(embedding, characterEmbedding, characterHidden, hidden, layers));
      }
      RecurrentStack.requireDropout(dropout);
      RecurrentStack.requireDropout(wordDropout);
    }
  }

  private final Config config;
  private final SentenceEncoder encoder;
  private final Labels tags;
  private final Embedding characterEmbedding;
  private final Recurrent characterLstm;
  private final Embedding wordEmbedding;
  private final Recurrent lstm;
  private final Dense dense;
  private final Parameters parameters;

  /** A network whose parameters are all zero: to be initialised, or read from a file. */
  public Tagger(Config config, SentenceEncoder encoder, Labels tags) {
    this.config = config;
    this.encoder = encoder;
    this.tags = tags;
    characterEmbedding =
        new Embedding("char_embedding", encoder.characters().size(), config.characterEmbedding());
    characterLstm =
        RecurrentStack.of(
            "char_lstm",
            CellKind.LSTM,
            config.characterEmbedding(),
            config.characterHidden(),
            1,
            true,
            0);
    wordEmbedding = new Embedding("word_embedding", encoder.words().size(), config.embedding());
    lstm =
        RecurrentStack.of(
            CellKind.LSTM,
            config.embedding() + characterLstm.outputSize(),
            config.hidden(),
            config.layers(),
            true,
            config.dropout());
    dense = new Dense("dense", lstm.outputSize(), tags.size());
    parameters = Layer.parametersOf(characterEmbedding, characterLstm, wordEmbedding, lstm, dense);
  }

  public Config config() {
    return config;
  }

  public SentenceEncoder encoder() {
    return encoder;
  }

  public Labels tags() {
    return tags;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The recurrent layers: over the characters of a word, and over the words. */
  public List<Recurrent> recurrent() {
    return List.of(characterLstm, lstm);
  }

  /** Scores before softmax, (words of all sentences, tags), in the rows of the batch's packing. */
  public Var logits(Tape tape, SentenceBatch batch) {
    Var words = wordEmbedding.forward(tape, dropWords(tape, batch.words()));
    Var spelled = spelled(tape, batch.spellings()).gather(batch.spelling());
    Var x = Var.concat(words, spelled).dropout(config.dropout());
    Var y = lstm.forward(new PackedSequence(batch.packing(), x)).output().data();
    return dense.forward(y.dropout(config.dropout()));
  }

  /** What becomes of the characters of each distinct word, (words, 2 · characterHidden). */
  private Var spelled(Tape tape, TokenBatch words) {
    Var characters = characterEmbedding.forward(tape, words.ids()[0]);
    return characterLstm.lastOutputs(
        characterLstm.forward(new PackedSequence(words.packing(), characters)));
  }

  private int[] dropWords(Tape tape, int... words) {
    if (config.wordDropout() == 0 || !tape.isTraining()) {
      return words;
    }
    RandomKey key = tape.nextKey();
    int[] kept = words.clone();
    for (int i = 0; i < kept.length; i++) {
      if (key.uniform(i) < config.wordDropout()) {
        kept[i] = Vocabulary.UNKNOWN;
      }
    }
    return kept;
  }

  /**
   * The most probable tag of every word of every sentence, in the order given.
   *
   * @param tape an inference tape over {@link #parameters}; it is reset
   * @param sentences each of at least one word
   */
  public List<List<String>> tag(Tape tape, List<List<String>> sentences) {
    tape.reset(RandomKey.of(0));
    SentenceBatch batch =
        SentenceBatch.of(
            sentences.stream().map(s -> s.stream().map(encoder::encode).toList()).toList());
    Var scores = logits(tape, batch);
    Packing packing = batch.packing();
    List<List<String>> tagged = new ArrayList<>();
    for (int position : packing.positions()) {
      List<String> sentence = new ArrayList<>();
      for (int t = 0; t < packing.length(position); t++) {
        int row = packing.offset(t) + position;
        sentence.add(tags.name(scores.value().largestInRow(row)));
      }
      tagged.add(sentence);
    }
    return tagged;
  }
}
