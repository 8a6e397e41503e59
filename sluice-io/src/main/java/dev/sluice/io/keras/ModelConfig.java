package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The configuration of a model, {@code model.to_json()}: its layers, and in which order they read each
 * other, if that is a chain. Not for what a layer does.
 *
 * @param layers all of them, in the order of the file, which counts in Keras 3's names of weights
 * @param chain the same from input to output; empty when they are no chain
 * @param obstacle why they are no chain
 */
record ModelConfig(List<LayerConfig> layers, List<LayerConfig> chain, String obstacle) {
  private static final Set<String> FUNCTIONAL = Set.of("Model", "Functional");

  /** Of masks that Keras 3 computes as a layer beside the chain; here they come with the embedding. */
  private static final String MASK = "NotEqual";

  /**
   * Reads a Sequential or functional model of any Keras.
   *
   * @throws Unsupported when it is another
   */
  static ModelConfig of(JsonNode model) {
    String kind = model.path("class_name").asString("");
    JsonNode config = model.path("config");
    JsonNode list = config.isArray() ? config : config.path("layers");
    if (!list.isArray() || (!kind.equals("Sequential") && !FUNCTIONAL.contains(kind))) {
      throw new Unsupported(
          "the model is of kind %s; supported are Sequential and functional models", shown(kind));
    }
    List<JsonNode> nodes = StreamSupport.stream(list.spliterator(), false).toList();
    List<LayerConfig> layers = nodes.stream().map(LayerConfig::of).toList();
    if (kind.equals("Sequential")) {
      return new ModelConfig(layers, layers, "");
    }
    try {
      return new ModelConfig(layers, chain(config, nodes, layers), "");
    } catch (Unsupported e) {
      return new ModelConfig(layers, List.of(), String.valueOf(e.getMessage()));
    }
  }

  /** From the output back to the input. */
  private static List<LayerConfig> chain(
      JsonNode config, List<JsonNode> nodes, List<LayerConfig> layers) {
    Map<String, LayerConfig> byName = new LinkedHashMap<>();
    Map<String, List<String>> inbound = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      byName.put(layers.get(i).name(), layers.get(i));
      inbound.put(layers.get(i).name(), sources(nodes.get(i).path("inbound_nodes")));
    }
    LinkedHashSet<String> path = new LinkedHashSet<>();
    Optional<String> next = only("the model has", "outputs", sources(config.path("output_layers")));
    while (next.isPresent()) {
      String name = next.get();
      if (!byName.containsKey(name) || !path.add(name)) {
        throw new Unsupported("the layer %s is missing, or reads itself", shown(name));
      }
      List<String> read = inbound.getOrDefault(name, List.of());
      next = read.isEmpty() ? Optional.empty() : only(shown(name) + " has", "inputs", read);
    }
    byName.values().stream()
        .filter(layer -> !path.contains(layer.name()) && !layer.kind().equals(MASK))
        .findFirst()
        .ifPresent(
            layer -> {
              throw new Unsupported("the layer %s is beside the chain", shown(layer.name()));
            });
    return path.reversed().stream().map(name -> requireNonNull(byName.get(name))).toList();
  }

  private static Optional<String> only(String who, String what, List<String> names) {
    if (names.size() != 1) {
      throw new Unsupported(
          "%s %d %s, and a chain has one: %s", who, names.size(), what, shown(names));
    }
    return Optional.of(names.getFirst());
  }

  /**
   * The layers whose tensors are named somewhere in {@code json}: [name, node, tensor] of all that came
   * before Keras 3, or the same under "keras_history". What is passed for a mask is left out.
   */
  private static List<String> sources(JsonNode json) {
    List<String> names = new ArrayList<>();
    collect(json, names);
    return names;
  }

  // JSON is not nested deeper than Jackson's limit.
  private static void collect(JsonNode json, List<String> names) {
    if (json.isArray() && json.path(0).isString() && json.path(1).isInt()) {
      names.add(json.path(0).stringValue());
      if (json.path(2).asInt(0) != 0) {
        throw new Unsupported(
            "a state of the layer %s is read, not only its output", shown(names.getLast()));
      }
      for (int i = 3; i < json.size(); i++) {
        collect(json.path(i), names);
      }
    } else if (json.isArray()) {
      json.forEach(element -> collect(element, names));
    } else if (json.isObject()) {
      json.forEachEntry(
          (key, value) -> {
            if (!key.equals("mask")) {
              collect(value, names);
            }
          });
    }
  }
}
