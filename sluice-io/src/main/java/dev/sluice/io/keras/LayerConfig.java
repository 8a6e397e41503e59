package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A layer as a model's configuration describes it. A setting that Keras 1 called otherwise is asked for
 * by both names.
 *
 * @param kind Keras's name of the layer: {@code LSTM}
 * @param name unique in the model
 * @param settings by Keras's names
 */
record LayerConfig(String kind, String name, JsonNode settings) {
  /**
   * Reads {@code {"class_name": ..., "config": {...}}}.
   *
   * @throws Unsupported when it is something else
   */
  static LayerConfig of(JsonNode json) {
    JsonNode kind = json.path("class_name");
    JsonNode settings = json.path("config");
    if (!kind.isString() || !settings.isObject()) {
      throw new Unsupported("a layer is described by something else than class_name and config");
    }
    String name = settings.path("name").asString(json.path("name").asString(""));
    return new LayerConfig(kind.stringValue(), name, settings);
  }

  /** An exception to throw: what of it a network does not have. */
  Unsupported unsupported(String problem, Object... arguments) {
    return new Unsupported(
        "the layer %s of kind %s: %s", shown(name), shown(kind), problem.formatted(arguments));
  }

  /** The layer inside of this one, under the name of this one. */
  LayerConfig inner(String key) {
    LayerConfig inner = of(settings.path(key));
    return new LayerConfig(inner.kind, name, inner.settings);
  }

  boolean has(String key) {
    return settings.hasNonNull(key);
  }

  /** A text. A function, which Keras 3 may describe as an object, is its name. */
  String text(String otherwise, String... keys) {
    Optional<JsonNode> json = find(keys);
    if (json.isEmpty()) {
      return otherwise;
    }
    boolean function = json.get().path("class_name").asString("").equals("function");
    JsonNode text = function ? json.get().path("config") : json.get();
    if (!text.isString()) {
      throw unsupported("%s is not the name of something that Keras has", keys[0]);
    }
    return text.stringValue();
  }

  boolean flag(boolean otherwise, String... keys) {
    Optional<JsonNode> json = find(keys);
    if (json.isPresent() && !json.get().isBoolean()) {
      throw unsupported("%s is neither true nor false", keys[0]);
    }
    return json.map(JsonNode::booleanValue).orElse(otherwise);
  }

  float number(float otherwise, String... keys) {
    Optional<JsonNode> json = find(keys);
    if (json.isPresent() && !json.get().isNumber()) {
      throw unsupported("%s is no number", keys[0]);
    }
    return json.map(number -> (float) number.doubleValue(Double.NaN)).orElse(otherwise);
  }

  /** A size, at least 1. */
  int size(String... keys) {
    return find(keys)
        .filter(JsonNode::isInt)
        .map(JsonNode::intValue)
        .filter(size -> size > 0)
        .orElseThrow(() -> unsupported("%s is no whole number from 1 on", keys[0]));
  }

  /** The first of the keys that there is. */
  private Optional<JsonNode> find(String... keys) {
    for (String key : keys) {
      if (has(key)) {
        return Optional.of(settings.path(key));
      }
    }
    return Optional.empty();
  }
}
