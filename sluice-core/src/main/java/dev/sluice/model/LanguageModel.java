package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LineTokenizer;
import dev.sluice.data.TokenStreams;
import dev.sluice.data.Vocabulary;
import dev.sluice.layer.Dense;
import dev.sluice.layer.DetachedState;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens in, a score for each token that may come next out, as in Zaremba et al. (2014):
 *
 * <pre>
 *   embedding → dropout → recurrent layers with dropout between → dropout → dense
 * </pre>
 *
 * <p>The parameters are those of pytorch/examples' {@code RNNModel}: {@code encoder}, {@code rnn} and
 * {@code decoder}. Tied, the embeddings are the weight of the decoder as well (Press and Wolf 2017),
 * and there is no {@code decoder.weight}.
 *
 * <p>Any number of threads may use one model, each on a tape of its own.
 */
public final class LanguageModel {
  private static final String ENCODER = "encoder";
  private static final String DECODER = "decoder";

  /**
   * Probabilities of dropping an element, while training.
   *
   * @param embedding of the embeddings
   * @param layers of what goes from one recurrent layer to the next
   * @param output of what the last recurrent layer gives
   */
  public record Dropout(float embedding, float layers, float output) {
    /** Fails when one is out of range. */
    public Dropout {
      RecurrentStack.requireDropout(embedding);
      RecurrentStack.requireDropout(layers);
      RecurrentStack.requireDropout(output);
    }
  }

  /**
   * The shape of the network.
   *
   * @param tokenizer what a step is
   * @param cell what the recurrent layers are
   * @param embedding width of a token's vector, E
   * @param hidden units of each layer, H
   * @param layers recurrent layers
   * @param tied whether the decoder multiplies with the embeddings; E is H then
   * @param dropout where and how much
   */
  public record Config(
      LineTokenizer tokenizer,
      CellKind cell,
      int embedding,
      int hidden,
      int layers,
      boolean tied,
      Dropout dropout) {
    /** Fails when a number is out of range. */
    public Config {
      if (embedding < 1 || hidden < 1 || layers < 1) {
        throw new IllegalArgumentException(
            "embedding, hidden and layers must be at least 1, got %d, %d, %d"
                .formatted(embedding, hidden, layers));
      }
      if (tied && embedding != hidden) {
        throw new IllegalArgumentException(
            "tied weights need embeddings as wide as the hidden layers, got %d and %d"
                .formatted(embedding, hidden));
      }
    }
  }

  /**
   * What a run over some steps gives.
   *
   * @param logits (rows, V) scores before softmax of the token that follows each step
   * @param state after the last step
   */
  public record Result(Var logits, State state) {}

  private final Config config;
  private final Vocabulary vocabulary;
  private final Embedding encoder;
  private final Recurrent recurrent;
  private final Dense decoder;
  private final Parameters parameters;

  /** A network whose parameters are all zero: to be initialised, or read from a file. */
  public LanguageModel(Config config, Vocabulary vocabulary) {
    this.config = config;
    this.vocabulary = vocabulary;
    encoder = new Embedding(ENCODER, vocabulary.size(), config.embedding());
    recurrent =
        RecurrentStack.of(
            "rnn",
            config.cell(),
            config.embedding(),
            config.hidden(),
            config.layers(),
            false,
            config.dropout().layers());
    decoder = new Dense(DECODER, config.hidden(), vocabulary.size());
    List<ParameterSpec> specs = new ArrayList<>(encoder.parameters());
    specs.addAll(recurrent.parameters());
    specs.addAll(decoder.parameters());
    specs.removeIf(spec -> config.tied() && spec.name().equals(DECODER + ".weight"));
    parameters = new Parameters(specs);
  }

  public Config config() {
    return config;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The recurrent layers. */
  public Recurrent recurrent() {
    return recurrent;
  }

  /**
   * Adds {@code bias} to what the forget gates start with, as TF1's {@code forget_bias} does at run time;
   * gradients are the same.
   *
   * @throws IllegalArgumentException when the layers have no forget gate
   */
  public void addForgetBias(float bias) {
    if (config.cell() != CellKind.LSTM) {
      throw new IllegalArgumentException(
          "a forget bias is for an LSTM; a %s has no forget gate".formatted(config.cell()));
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      Matrix all = parameters.get("rnn.bias_ih_l" + layer).value(); // (1, 4H), order i f g o
      for (int unit = config.hidden(); unit < 2 * config.hidden(); unit++) {
        all.set(0, unit, all.get(0, unit) + bias);
      }
    }
    parameters.changed();
  }

  /** Runs over some steps of all streams, from where the steps before them have led. */
  public Result forward(Tape tape, TokenStreams.Window window, DetachedState before) {
    Var x = encoder.forward(tape, window.inputs()).dropout(config.dropout().embedding());
    Recurrent.Result run =
        recurrent.forward(new PackedSequence(window.packing(), x), before.attach(tape));
    Var output = run.output().data().dropout(config.dropout().output());
    return new Result(decode(output), run.state());
  }

  private Var decode(Var output) {
    if (!config.tied()) {
      return decoder.forward(output);
    }
    Tape tape = output.tape();
    Var bias = tape.weight(DECODER + ".bias");
    return bias.addmmTransposed(output, tape.weight(ENCODER + ".weight"));
  }

  /** The vector of a token, (1, E). */
  Matrix embedding(int token) {
    return parameters.get(ENCODER + ".weight").value().rowRange(token, token + 1);
  }

  /** Recurrent layers and decoder made ready to run step by step: embeddings in, scores out. */
  StreamingModel streaming(Backend backend) {
    return new StreamingModel(
        backend,
        config.tied() ? untied() : parameters,
        recurrent,
        List.of(decoder),
        Precision.FLOAT32);
  }

  /** The parameters of the layers that stream, the embeddings transposed to a decoder's weight. */
  private Parameters untied() {
    List<ParameterSpec> specs = new ArrayList<>(recurrent.parameters());
    specs.addAll(decoder.parameters());
    Parameters all = new Parameters(specs);
    for (Parameter p : all.all()) {
      if (p.name().equals(DECODER + ".weight")) {
        transpose(parameters.get(ENCODER + ".weight").value(), p.value());
      } else {
        p.value().copyFrom(parameters.get(p.name()).value());
      }
    }
    all.changed();
    return all;
  }

  private static void transpose(Matrix from, Matrix to) {
    for (int r = 0; r < to.rows; r++) {
      for (int c = 0; c < to.cols; c++) {
        to.set(r, c, from.get(c, r));
      }
    }
  }
}
