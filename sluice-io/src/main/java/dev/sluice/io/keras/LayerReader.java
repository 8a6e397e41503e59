package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.tape.Activation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Adds layers to a draft as their configuration says, with the weights that the file has for them. */
final class LayerReader {
  /** Layers of Keras that a network has; TimeDistributed around all but the recurrent ones. */
  private static final String SUPPORTED =
      "Embedding, Masking, LSTM, GRU, SimpleRNN, CuDNNLSTM, CuDNNGRU, Bidirectional,"
          + " TimeDistributed, Dense, Activation, Softmax, ReLU, LeakyReLU, ELU, Dropout,"
          + " SpatialDropout1D, Flatten, RepeatVector, InputLayer";

  /** Layers that do the same to every step, so that TimeDistributed changes nothing. */
  private static final Set<String> STEPWISE =
      Set.of("Dense", "Activation", "Softmax", "ReLU", "LeakyReLU", "ELU", "Dropout");

  private static final int UNKNOWN = 0;

  private final Path file;
  private final boolean keras3;
  private final NetworkDraft draft;
  private final Notes notes;
  private int steps = UNKNOWN; // of the sequences at this place of the chain
  private boolean
      flat; // the input is one list of numbers for each sequence, which are tokens or a vector

  LayerReader(Path file, boolean keras3, NetworkDraft draft, Notes notes) {
    this.file = file;
    this.keras3 = keras3;
    this.draft = draft;
    this.notes = notes;
  }

  /**
   * Adds one layer.
   *
   * @throws Unsupported when a network has no such layer, or it cannot do what is set
   */
  void add(LayerConfig layer, List<StoredTensor> tensors) {
    if (layer.name().isEmpty()) {
      throw layer.unsupported("it has no name");
    }
    readInputShape(layer);
    ArrayReader arrays = new ArrayReader(file, layer, tensors);
    if (RecurrentCell.KINDS.contains(layer.kind()) || layer.kind().equals("Bidirectional")) {
      boolean sequences = RecurrentReader.add(layer, arrays, keras3, draft, notes);
      steps = sequences ? steps : 1;
      return;
    }
    switch (layer.kind()) {
      case "InputLayer" -> {}
      case "Embedding" -> addEmbedding(layer, arrays);
      case "Masking" -> draft.add(new MaskingLayer(layer.name(), layer.number(0, "mask_value")));
      case "TimeDistributed" -> {
        LayerConfig inner = layer.inner("layer");
        if (!STEPWISE.contains(inner.kind())) {
          throw layer.unsupported("around %s, and not around %s", STEPWISE, shown(inner.kind()));
        }
        add(inner, tensors);
      }
      case "TimeDistributedDense", "Dense" -> addDense(layer, arrays);
      case "Activation" -> addActivation(layer, layer.name());
      case "Softmax" -> draft.add(new SoftmaxLayer(requireLastAxis(layer).name()));
      case "ReLU" -> addFunction(layer, relu(layer));
      case "LeakyReLU" ->
          addFunction(layer, Activation.leakyRelu(layer.number(0.3f, "negative_slope", "alpha")));
      case "ELU" -> addFunction(layer, Activation.elu(layer.number(1, "alpha")));
      case "Dropout", "SpatialDropout1D" -> addDropout(layer);
      case "Flatten" -> addFlatten(layer);
      case "RepeatVector" -> {
        steps = layer.size("n");
        draft.add(new RepeatLayer(layer.name(), steps));
      }
      default -> throw layer.unsupported("supported are %s", SUPPORTED);
    }
  }

  /** From [batch, steps, features], or [batch, steps] of tokens, on whichever layer it stands. */
  private void readInputShape(LayerConfig layer) {
    for (String key : List.of("batch_input_shape", "batch_shape")) {
      JsonNode shape = layer.settings().path(key);
      if (shape.isArray()) {
        flat = shape.size() == 2;
        steps = shape.path(1).isInt() ? shape.path(1).intValue() : steps;
      }
    }
    if (layer.kind().equals("Embedding")) {
      flat = false;
    } else if (flat && !layer.kind().equals("InputLayer")) {
      throw layer.unsupported("it reads one vector for each sequence; a network reads sequences");
    }
  }

  private void addEmbedding(LayerConfig layer, ArrayReader arrays) {
    arrays.requireCount(1, "embeddings");
    int size = arrays.rows(0, "table of embeddings");
    int width = arrays.shape(0).get(1);
    Matrix vectors = arrays.matrix(0, "table of embeddings", size, width);
    if (layer.has("input_length") && layer.settings().path("input_length").isInt()) {
      steps = layer.size("input_length");
    }
    String name = layer.name();
    draft.add(
        new EmbeddingLayer(new Embedding(name, size, width), layer.flag(false, "mask_zero")),
        p -> p.get(name + ".weight").value().copyFrom(vectors));
  }

  private void addDense(LayerConfig layer, ArrayReader arrays) {
    boolean bias = layer.flag(true, "use_bias", "bias");
    arrays.requireCount(bias ? 2 : 1, bias ? "kernel, bias" : "kernel");
    int in = arrays.rows(0, "kernel");
    int out = arrays.shape(0).get(1);
    Matrix kernel = arrays.matrix(0, "kernel", in, out);
    Matrix biases = bias ? arrays.matrix(1, "bias", 1, out) : Matrix.zeros(1, out);
    String name = layer.name();
    draft.add(
        new DenseLayer(new Dense(name, in, out)),
        p -> {
          p.get(name + ".weight").value().copyFrom(kernel);
          p.get(name + ".bias").value().copyFrom(biases);
        });
    String activation = layer.text("linear", "activation");
    if (!activation.equals("linear")) {
      addActivation(layer, draft.fresh(name + "_" + activation));
    }
  }

  private void addActivation(LayerConfig layer, String name) {
    String function = layer.text("linear", "activation");
    if (function.equals("softmax")) {
      draft.add(new SoftmaxLayer(name));
      return;
    }
    try {
      draft.add(new ActivationLayer(name, ActivationNames.keras(function, keras3)));
    } catch (IllegalArgumentException e) {
      throw layer.unsupported("%s, softmax", String.valueOf(e.getMessage()));
    }
  }

  private void addFunction(LayerConfig layer, Activation function) {
    draft.add(new ActivationLayer(layer.name(), function));
  }

  private static Activation relu(LayerConfig layer) {
    if (layer.has("max_value") || layer.number(0, "threshold") != 0) {
      throw layer.unsupported("max_value and threshold are supported only when they are not set");
    }
    float slope = layer.number(0, "negative_slope");
    return slope == 0 ? Activation.RELU : Activation.leakyRelu(slope);
  }

  /** Softmax over another axis than that of features mixes steps. */
  private static LayerConfig requireLastAxis(LayerConfig layer) {
    if (layer.number(-1, "axis") != -1) {
      throw layer.unsupported("axis is supported only when it is the last, -1");
    }
    return layer;
  }

  private void addDropout(LayerConfig layer) {
    float rate = layer.number(0, "rate", "p");
    if (!(rate >= 0 && rate < 1)) {
      throw layer.unsupported("a rate is from 0 to below 1, not %s", rate);
    }
    if (layer.kind().equals("SpatialDropout1D")) {
      notes.addFor(layer.name(), "in training it drops single numbers, not whole features");
    }
    draft.add(new DropoutLayer(layer.name(), rate));
  }

  private void addFlatten(LayerConfig layer) {
    if (steps == UNKNOWN) {
      throw layer.unsupported("the file does not say how many steps a sequence has");
    }
    draft.add(new FlattenLayer(layer.name(), steps));
    steps = 1;
  }
}
