package dev.sluice.io.keras;

import dev.sluice.cell.Cell;
import dev.sluice.io.Tensor;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Activation.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of a network as layers of Keras. A stack of recurrent layers becomes one layer of Keras for each of
 * its own, with Dropout between them.
 */
final class LayerForms {
  private final Network network;
  private final List<LayerForm> forms = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private LayerForms(Network network) {
    this.network = network;
    network.layers().forEach(layer -> names.add(layer.name()));
  }

  /**
   * Translates all layers.
   *
   * @throws IllegalArgumentException when Keras has no layer for one
   */
  static List<LayerForm> of(Network network) {
    LayerForms forms = new LayerForms(network);
    List<NetworkLayer> layers = network.layers();
    for (int i = 0; i < layers.size(); i++) {
      boolean last = i + 1 < layers.size() && layers.get(i + 1) instanceof LastStepLayer;
      forms.add(layers.get(i), last);
    }
    return forms.forms;
  }

  private void add(NetworkLayer layer, boolean lastStepFollows) {
    switch (layer) {
      case EmbeddingLayer embedding -> add(embedding);
      case MaskingLayer masking ->
          form("Masking", masking.name()).settings().put("mask_value", masking.value());
      case RecurrentLayer rnn -> add(rnn, lastStepFollows);
      case DenseLayer dense -> add(dense.dense());
      case ActivationLayer activation -> add(activation);
      case SoftmaxLayer softmax ->
          form("Activation", softmax.name()).settings().put("activation", "softmax");
      case DropoutLayer dropout ->
          form("Dropout", dropout.name()).settings().put("rate", dropout.probability());
      case FlattenLayer flatten -> form("Flatten", flatten.name());
      case RepeatLayer repeat ->
          form("RepeatVector", repeat.name()).settings().put("n", repeat.steps());
      case LastStepLayer last -> {
        if (forms.isEmpty()
            || forms.getLast().settings().path("return_sequences").asBoolean(true)) {
          throw new IllegalArgumentException(
              "%s: Keras takes the last step of a recurrent layer that reads forward, and of nothing else"
                  .formatted(last.name()));
        }
      }
    }
  }

  private LayerForm form(String kind, String name) {
    LayerForm form = new LayerForm(kind, name);
    forms.add(form);
    return form;
  }

  private void add(EmbeddingLayer layer) {
    Embedding embedding = layer.embedding();
    LayerForm form = form("Embedding", embedding.name());
    form.settings()
        .put("input_dim", embedding.size())
        .put("output_dim", embedding.width())
        .put("mask_zero", layer.maskZero());
    form.add(
        "vars/0",
        "embeddings",
        List.of(embedding.size(), embedding.width()),
        weight(embedding.name() + ".weight"));
  }

  private void add(Dense dense) {
    LayerForm form = form("Dense", dense.name());
    form.settings().put("units", dense.out()).put("activation", "linear").put("use_bias", true);
    form.add(
        "vars/0", "kernel", List.of(dense.in(), dense.out()), weight(dense.name() + ".weight"));
    form.add("vars/1", "bias", List.of(dense.out()), weight(dense.name() + ".bias"));
  }

  private void add(ActivationLayer layer) {
    Activation activation = layer.activation();
    Optional<String> known = ActivationNames.toKeras(activation);
    boolean clipped = activation.inputLimit() != Float.POSITIVE_INFINITY;
    if (known.isPresent()) {
      form("Activation", layer.name()).settings().put("activation", known.get());
    } else if (activation.kind() == Kind.LEAKY_RELU && !clipped) {
      form("LeakyReLU", layer.name()).settings().put("negative_slope", activation.alpha());
    } else if (activation.kind() == Kind.ELU && !clipped) {
      form("ELU", layer.name()).settings().put("alpha", activation.alpha());
    } else {
      form("Activation", layer.name()).unsayable().add("the activation " + activation);
    }
  }

  /** As many layers as the stack has. */
  private void add(RecurrentLayer layer, boolean lastStepFollows) {
    Recurrent recurrent = layer.recurrent();
    int directions = recurrent.bidirectional() ? 2 : 1;
    int count = recurrent.cells().size() / directions;
    boolean backwards = layer.reading() != Reading.FORWARD;
    boolean lastStep =
        lastStepFollows && !recurrent.bidirectional() && layer.reading() != Reading.REVERSE;
    boolean sequences = layer.returnSequences() && !lastStep;
    if ((backwards && recurrent.bidirectional())
        || (layer.reading() == Reading.REVERSE && sequences)) {
      throw new IllegalArgumentException(
          "%s: Keras's go_backwards is not for two directions, and gives outputs in the order of reading"
              .formatted(recurrent.name()));
    }
    // A state dict of nn.LSTM itself is a layer without a name, which Keras does not have.
    String own = recurrent.name().isEmpty() ? fresh("rnn") : recurrent.name();
    for (int l = 0; l < count; l++) {
      boolean last = l == count - 1;
      String name = count == 1 ? own : fresh(own + "_l" + l);
      List<CellForm> cells = new ArrayList<>();
      for (int d = 0; d < directions; d++) {
        Cell cell = recurrent.cells().get(l * directions + d);
        cells.add(CellForm.of(name, cell, weights(recurrent, cell, l, d)));
      }
      for (CellForm cell : cells) {
        cell.settings()
            .put("return_sequences", !last || sequences)
            .put("go_backwards", backwards && l == 0) // the layers above read in its order
            .put("zero_output_for_mask", layer.fill() == Fill.ZERO);
      }
      if (directions == 1) {
        addOne(name, cells.getFirst());
      } else {
        addBoth(name, cells.getFirst(), cells.getLast(), last ? layer.merge() : MergeMode.CONCAT);
      }
      if (!last && recurrent.dropout() > 0) {
        form("Dropout", fresh(name + "_dropout")).settings().put("rate", recurrent.dropout());
      }
    }
  }

  private void addOne(String name, CellForm cell) {
    LayerForm form = form(cell.kind(), name);
    form.settings().setAll(cell.settings());
    form.unsayable().addAll(cell.unsayable());
    addArrays(form, "", "", cell);
  }

  private void addBoth(String name, CellForm forward, CellForm backward, MergeMode merge) {
    LayerForm form = form("Bidirectional", name);
    form.unsayable().addAll(forward.unsayable());
    form.unsayable().addAll(backward.unsayable());
    form.settings()
        .put(
            "merge_mode",
            switch (merge) {
              case CONCAT -> "concat";
              case SUM -> "sum";
              case MULTIPLY -> "mul";
              case AVERAGE -> "ave";
            });
    form.settings().set("layer", direction("forward_" + name, forward).json());
    if (!forward.settings().equals(backward.settings())) {
      LayerForm other = direction("backward_" + name, backward);
      other.settings().put("go_backwards", true);
      form.settings().set("backward_layer", other.json());
    }
    addArrays(form, "forward_layer/", "forward_" + name + "/", forward);
    addArrays(form, "backward_layer/", "backward_" + name + "/", backward);
  }

  private static LayerForm direction(String name, CellForm cell) {
    LayerForm form = new LayerForm(cell.kind(), name);
    form.settings().setAll(cell.settings());
    return form;
  }

  private static void addArrays(LayerForm form, String place, String prefix, CellForm cell) {
    for (int i = 0; i < cell.arrays().size(); i++) {
      Tensor array = cell.arrays().get(i);
      form.add(
          "%scell/vars/%d".formatted(place, i), prefix + array.name(), array.shape(), array.data());
    }
  }

  private Map<String, Matrix> weights(Recurrent recurrent, Cell cell, int layer, int direction) {
    Map<String, Matrix> weights = new LinkedHashMap<>();
    String prefix = recurrent.name().isEmpty() ? "" : recurrent.name() + ".";
    String suffix = "_l" + layer + (direction == 0 ? "" : "_reverse");
    for (ParameterSpec spec : cell.parameters("")) {
      String name = prefix + spec.name() + suffix;
      weights.put(spec.name(), network.parameters().get(name).value());
    }
    return weights;
  }

  private String fresh(String name) {
    String fresh = name;
    for (int i = 2; !names.add(fresh); i++) {
      fresh = name + "_" + i;
    }
    return fresh;
  }

  private float[] weight(String name) {
    return network.parameters().get(name).value().toArray();
  }
}
