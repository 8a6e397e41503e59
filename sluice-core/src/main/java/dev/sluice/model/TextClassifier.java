package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.data.Labels;
import dev.sluice.data.TextEncoder;
import dev.sluice.data.TokenBatch;
import dev.sluice.data.Tokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * Text in, a probability for each label out:
 *
 * <pre>
 *   n-grams → sum of embeddings → LSTM layers, one direction or both → last valid output of each direction → dense → softmax
 * </pre>
 *
 * <p>or a sigmoid for each label where the labels do not exclude each other,
 * with dropout on the embeddings, between layers, and before the dense layer. The parameters are those of PyTorch modules
 * named {@code embedding}, {@code lstm} and {@code dense}.
 *
 * <p>Any number of threads may classify with one model, each on a tape of its own.
 */
public final class TextClassifier {
  /**
   * The shape of the network.
   *
   * @param tokenizer what a step of a sequence is
   * @param ngrams the longest n-grams a step sees, see {@link TextEncoder}; 1 for its token alone
   * @param embedding width of an n-gram's vector
   * @param hidden units of each layer and direction
   * @param layers recurrent layers
   * @param bidirectional whether each layer also reads backwards
   * @param dropout probability of dropping an element, while training
   */
  public record Config(
      Tokenizer tokenizer,
      int ngrams,
      int embedding,
      int hidden,
      int layers,
      boolean bidirectional,
      float dropout) {
    /** Fails when a number is out of range. */
    public Config {
      if (ngrams < 1 || embedding < 1 || hidden < 1 || layers < 1) {
        throw new IllegalArgumentException(
            "ngrams, embedding, hidden and layers must be at least 1, got %d, %d, %d, %d"
                .formatted(ngrams, embedding, hidden, layers));
      }
      RecurrentStack.requireDropout(dropout);
    }
  }

  private final Config config;
  private final TextEncoder encoder;
  private final Labels labels;
  private final Embedding embedding;
  private final Recurrent recurrent;
  private final Dense dense;
  private final Parameters parameters;

  /** A network whose parameters are all zero: to be initialised, or read from a file. */
  public TextClassifier(Config config, Vocabulary vocabulary, Labels labels) {
    this.config = config;
    this.encoder = new TextEncoder(config.tokenizer(), config.ngrams(), vocabulary);
    this.labels = labels;
    this.embedding = new Embedding("embedding", vocabulary.size(), config.embedding());
    this.recurrent =
        RecurrentStack.of(
            CellKind.LSTM,
            config.embedding(),
            config.hidden(),
            config.layers(),
            config.bidirectional(),
            config.dropout());
    this.dense = new Dense("dense", recurrent.outputSize(), labels.size());
    this.parameters = Layer.parametersOf(embedding, recurrent, dense);
  }

  public Config config() {
    return config;
  }

  public Vocabulary vocabulary() {
    return encoder.vocabulary();
  }

  public Labels labels() {
    return labels;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The recurrent layers. */
  public Recurrent recurrent() {
    return recurrent;
  }

  /**
   * The same model as a chain of layers from numbers of tokens to probabilities, to be exported. The
   * parameters are these, not copies.
   *
   * @throws IllegalArgumentException when a step is the sum of several embeddings, those of its n-grams
   */
  public Network network() {
    if (config.ngrams() > 1) {
      throw new IllegalArgumentException(
          "a classifier that sums the embeddings of n-grams (here up to %d) is no chain of layers"
              .formatted(config.ngrams()));
    }
    RecurrentLayer all = RecurrentLayer.of(recurrent);
    RecurrentLayer last =
        new RecurrentLayer(recurrent, all.merge(), all.reading(), all.fill(), false);
    return new Network(
        1,
        List.of(
            new EmbeddingLayer(embedding, false),
            new DropoutLayer("embedding_dropout", config.dropout()),
            last,
            new DropoutLayer("lstm_dropout", config.dropout()),
            new DenseLayer(dense),
            labels.areExclusive()
                ? new SoftmaxLayer("softmax")
                : new ActivationLayer("sigmoid", Activation.SIGMOID)),
        parameters);
  }

  /** {@code text} as numbers, (ngrams, T) with T of at least 1, see {@link TextEncoder#encode}. */
  public int[][] encode(String text) {
    return encoder.encode(text);
  }

  /** Scores before softmax or sigmoid, (B, labels), sequences in packed order. */
  public Var logits(Tape tape, TokenBatch batch) {
    Var x = embedding.forward(tape, batch.ids()[0]);
    for (int n = 1; n < config.ngrams(); n++) {
      x = x.add(embedding.forward(tape, batch.ids()[n]));
    }
    x = x.dropout(config.dropout());
    PackedSequence steps = new PackedSequence(batch.packing(), x);
    Var features = steps.inPackedOrder(recurrent.lastOutputs(recurrent.forward(steps)));
    return dense.forward(features.dropout(config.dropout()));
  }

  /**
   * The probability of every label for every sequence, in the order given; they sum to 1 where labels
   * exclude each other.
   *
   * @param tape an inference tape over {@link #parameters}; it is reset
   * @throws IllegalArgumentException when the tape is for training, or of another model
   */
  public List<float[]> probabilities(Tape tape, List<int[][]> sequences) {
    if (tape.isTraining() || !tape.parameters().equals(parameters)) {
      throw new IllegalArgumentException(
          "probabilities need Tape.inference(backend, model.parameters()) of the same model");
    }
    tape.reset(RandomKey.of(0));
    TokenBatch batch = TokenBatch.of(sequences);
    Var logits = logits(tape, batch);
    Matrix p =
        labels.areExclusive()
            ? CrossEntropy.softmax(tape, logits.value())
            : logits.sigmoid().value();
    float[][] inOrder = new float[sequences.size()][];
    for (int b = 0; b < inOrder.length; b++) {
      inOrder[batch.packing().given(b)] = p.rowRange(b, b + 1).toArray();
    }
    return List.of(inOrder);
  }
}
