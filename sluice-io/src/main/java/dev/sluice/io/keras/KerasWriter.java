package dev.sluice.io.keras;

import dev.sluice.io.Tensor;
import dev.sluice.io.ZipWriter;
import dev.sluice.io.hdf5.GroupDraft;
import dev.sluice.io.hdf5.Hdf5Writer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RepeatLayer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes networks as files of Keras: a whole Sequential model as {@code .keras} of Keras 3, or weights alone as
 * the {@code .h5} that {@code model.load_weights} of Keras 2 and 3 takes for the same layers. Equal networks
 * give equal bytes. Files are written in place.
 */
public final class KerasWriter {
  /** That of the format. */
  private static final String KERAS = "3.3.3";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private KerasWriter() {}

  /**
   * Writes {@code network} as a {@code .keras} file, replacing what it holds: {@code
   * keras.models.load_model(file)}.
   *
   * @throws IllegalArgumentException when Keras 3 cannot say what a layer does; then nothing is written
   * @throws IOException when the file cannot be written
   */
  public static void writeModel(Path file, Network network) throws IOException {
    List<LayerForm> layers = LayerForms.of(network);
    for (LayerForm layer : layers) {
      if (!layer.unsayable().isEmpty()) {
        throw new IllegalArgumentException(
            "%s: Keras 3 does not have %s; its weights can be written alone, as .h5"
                .formatted(layer.name(), String.join(" and ", layer.unsayable())));
      }
    }
    Hdf5Writer weights = new Hdf5Writer(keras3(layers));
    ObjectNode metadata = JSON.objectNode().put("keras_version", KERAS);
    ObjectNode config = config(network, layers);
    try (OutputStream out = Files.newOutputStream(file)) {
      ZipWriter zip = new ZipWriter(out);
      zip.add("metadata.json", bytes(metadata));
      zip.add("config.json", bytes(config));
      zip.add("model.weights.h5", weights.size(), weights::writeTo);
      zip.finish();
    }
  }

  /**
   * Writes the weights of {@code network} as a legacy {@code .h5} file, replacing what it holds: {@code
   * model.load_weights(file)}.
   *
   * @throws IllegalArgumentException when Keras has no such layer; then nothing is written
   * @throws IOException when the file cannot be written
   */
  public static void writeWeights(Path file, Network network) throws IOException {
    GroupDraft root = new GroupDraft();
    List<String> names = new ArrayList<>();
    for (LayerForm layer : LayerForms.of(network)) {
      if (!layer.arrays().isEmpty()) {
        requireName(layer.name());
        names.add(layer.name());
        addLegacy(root.group(layer.name()), layer);
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("the network has no weights to be written");
    }
    root.attribute("layer_names", names);
    root.attribute("backend", "tensorflow");
    root.attribute("keras_version", KERAS);
    Hdf5Writer writer = new Hdf5Writer(root);
    try (WritableByteChannel channel =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writer.writeTo(channel);
    }
  }

  private static void addLegacy(GroupDraft group, LayerForm layer) {
    List<String> names = new ArrayList<>();
    for (LayerForm.Array array : layer.arrays()) {
      Tensor tensor = array.tensor();
      names.add("%s/%s:0".formatted(layer.name(), tensor.name()));
      group.array(new Tensor(names.getLast(), tensor.shape(), tensor.data()));
    }
    group.attribute("weight_names", names);
  }

  /** Groups named after the kinds of layers, as {@link Keras3Arrays} finds them. */
  private static GroupDraft keras3(List<LayerForm> layers) {
    GroupDraft root = new GroupDraft();
    root.group("vars");
    Map<String, Integer> counts = new HashMap<>();
    for (LayerForm layer : layers) {
      String kind = Keras3Arrays.snakeCase(layer.kind());
      int number = counts.merge(kind, 1, Integer::sum) - 1;
      String path = "layers/" + (number == 0 ? kind : kind + "_" + number) + "/";
      root.group(path + "vars");
      for (LayerForm.Array array : layer.arrays()) {
        Tensor tensor = array.tensor();
        root.array(new Tensor(path + array.place(), tensor.shape(), tensor.data()));
      }
    }
    return root;
  }

  private static ObjectNode config(Network network, List<LayerForm> layers) {
    ArrayNode list = JSON.arrayNode();
    list.add(input(network).json());
    for (LayerForm layer : layers) {
      requireName(layer.name());
      list.add(layer.json());
    }
    ObjectNode config = JSON.objectNode().put("name", "sequential").put("trainable", true);
    config.set("layers", list);
    ObjectNode model = JSON.objectNode().put("module", "keras").put("class_name", "Sequential");
    model.set("config", config);
    model.putNull("registered_name");
    model.putNull("compile_config");
    return model;
  }

  private static LayerForm input(Network network) {
    LayerForm input = new LayerForm("InputLayer", "input_layer");
    boolean tokens =
        !network.layers().isEmpty() && network.layers().getFirst() instanceof EmbeddingLayer;
    ArrayNode shape = input.settings().putArray("batch_shape").addNull();
    int steps = steps(network.layers());
    if (steps == 0) {
      shape.addNull();
    } else {
      shape.add(steps);
    }
    if (!tokens) {
      shape.add(network.inputWidth());
    }
    input.settings().put("dtype", tokens ? "int32" : "float32");
    return input;
  }

  /** How many steps of the input a layer wants; 0: any number. */
  private static int steps(List<NetworkLayer> layers) {
    for (NetworkLayer layer : layers) {
      switch (layer) {
        case FlattenLayer flatten -> {
          return flatten.steps();
        }
        case RepeatLayer repeat -> {
          return 0;
        }
        default -> {}
      }
    }
    return 0;
  }

  private static void requireName(String name) {
    if (name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "%s: in the names of Keras's layers is no slash".formatted(name));
    }
  }

  private static byte[] bytes(ObjectNode json) {
    return JsonMapper.shared().writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
  }
}
