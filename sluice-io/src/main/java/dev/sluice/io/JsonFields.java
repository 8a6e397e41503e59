package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object that is read key by key, strictly: a key must have a value of its type, and none may
 * remain that nobody asked for. For objects whose keys depend on their type; those that are always the
 * same are records, see {@link ConfigFile}.
 */
final class JsonFields {
  private final Path file;
  private final String path;
  private final JsonNode node;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * An object.
   *
   * @param path where it is in the file, such as {@code layers[2]}
   * @throws ModelFileException when {@code node} is another thing
   */
  JsonFields(Path file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
    if (!node.isObject()) {
      throw new ModelFileException(
          file, "%s: expected an object, found %s".formatted(path, ConfigFile.excerpt(node)));
    }
  }

  int integer(String key) {
    return integer(key, required(key));
  }

  int integer(String key, int otherwise) {
    return optional(key).map(value -> integer(key, value)).orElse(otherwise);
  }

  float number(String key) {
    return number(key, required(key));
  }

  float number(String key, float otherwise) {
    return optional(key).map(value -> number(key, value)).orElse(otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return optional(key)
        .map(
            value -> {
              require(value.isBoolean(), key, "true or false", value);
              return value.booleanValue();
            })
        .orElse(otherwise);
  }

  String text(String key) {
    JsonNode value = required(key);
    require(value.isString(), key, "text", value);
    return value.stringValue();
  }

  /** One of the constants of an enum, written in lower case. */
  <E extends Enum<E>> E choice(String key, E otherwise) {
    return optional(key).isPresent() ? choice(key, otherwise.getDeclaringClass()) : otherwise;
  }

  /** One of the constants of {@code type}, written in lower case. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    String name = text(key);
    List<E> constants = List.of(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> written(constant).equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(key, constants.stream().map(JsonFields::written).toList()));
  }

  /** How {@link #choice} reads a constant. */
  static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Whether the value is text and not an object. */
  boolean isText(String key) {
    return required(key).isString();
  }

  boolean has(String key) {
    return optional(key).isPresent();
  }

  JsonFields object(String key) {
    return new JsonFields(file, place(key), required(key));
  }

  List<JsonFields> objects(String key) {
    JsonNode list = required(key);
    require(list.isArray(), key, "a list", list);
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode element : list.values()) {
      objects.add(new JsonFields(file, place(key) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /** What {@code made} makes of the fields, once no key remains; what it refuses is refused here. */
  <T> T make(Supplier<T> made) {
    T result;
    try {
      result = made.get();
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, "%s: %s".formatted(path, e.getMessage()), e);
    }
    for (String key : node.propertyNames()) {
      if (!known.contains(key)) {
        throw new ModelFileException(
            file,
            "%s: unknown key %s; known are %s"
                .formatted(path, shown(key), String.join(", ", known)));
      }
    }
    return result;
  }

  /** The value of {@code key}, which is text, is none of those there are. */
  ModelFileException unknown(String key, List<String> values) {
    return new ModelFileException(
        file,
        "%s: expected one of %s, found %s"
            .formatted(place(key), String.join(", ", values), shown(text(key))));
  }

  /** As {@link #unknown(String, List)}. */
  ModelFileException unknown(String key, String... values) {
    return unknown(key, Arrays.asList(values));
  }

  private int integer(String key, JsonNode value) {
    require(value.isIntegralNumber() && value.canConvertToInt(), key, "a whole number", value);
    return value.intValue();
  }

  private float number(String key, JsonNode value) {
    require(value.isNumber(), key, "a number", value);
    float number = (float) value.doubleValue();
    require(Float.isFinite(number), key, "a number", value);
    return number;
  }

  private JsonNode required(String key) {
    return optional(key)
        .orElseThrow(() -> new ModelFileException(file, place(key) + ": is missing"));
  }

  private Optional<JsonNode> optional(String key) {
    known.add(key);
    return Optional.ofNullable(node.get(key));
  }

  private void require(boolean holds, String key, String expected, JsonNode found) {
    if (!holds) {
      throw new ModelFileException(
          file,
          "%s: expected %s, found %s".formatted(place(key), expected, ConfigFile.excerpt(found)));
    }
  }

  private String place(String key) {
    return path + "." + key;
  }
}
