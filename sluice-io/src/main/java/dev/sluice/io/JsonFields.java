package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A JSON object that is read key by key, strictly: a key must have a value of its type, and none may
 * remain that nobody asked for. For objects whose keys depend on their type; those that are always the
 * same are records, see {@link JsonValue#as}.
 */
final class JsonFields {
  private final JsonValue object;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * An object.
   *
   * @throws ModelFileException when it is another thing
   */
  JsonFields(JsonValue object) {
    this.object = object;
    object.requireObject();
  }

  int integer(String key) {
    return required(key).integer();
  }

  int integer(String key, int otherwise) {
    return optional(key).map(JsonValue::integer).orElse(otherwise);
  }

  float number(String key) {
    return required(key).number();
  }

  float number(String key, float otherwise) {
    return optional(key).map(JsonValue::number).orElse(otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return optional(key).map(JsonValue::flag).orElse(otherwise);
  }

  String text(String key) {
    return required(key).text();
  }

  /** One of the constants of an enum, written in lower case. */
  <E extends Enum<E>> E choice(String key, E otherwise) {
    return has(key) ? choice(key, otherwise.getDeclaringClass()) : otherwise;
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
    return required(key).node().isString();
  }

  boolean has(String key) {
    return optional(key).isPresent();
  }

  JsonFields object(String key) {
    return new JsonFields(required(key));
  }

  List<JsonFields> objects(String key) {
    return required(key).elements().map(JsonFields::new).toList();
  }

  /** What {@code made} makes of the fields, once no key remains; what it refuses is refused here. */
  <T> T make(Supplier<T> made) {
    T result;
    try {
      result = made.get();
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          object.file(), "%s: %s".formatted(object.place(), e.getMessage()), e);
    }
    for (String key : object.node().propertyNames()) {
      if (!known.contains(key)) {
        throw new ModelFileException(
            object.file(),
            "%s: unknown key %s; known are %s"
                .formatted(object.place(), shown(key), String.join(", ", known)));
      }
    }
    return result;
  }

  /** The value of {@code key}, which is text, is none of those there are. */
  ModelFileException unknown(String key, List<String> values) {
    JsonValue found = required(key);
    return new ModelFileException(
        found.file(),
        "%s: expected one of %s, found %s"
            .formatted(found.place(), String.join(", ", values), shown(found.text())));
  }

  /** As {@link #unknown(String, List)}. */
  ModelFileException unknown(String key, String... values) {
    return unknown(key, Arrays.asList(values));
  }

  private JsonValue required(String key) {
    known.add(key);
    return object.required(key);
  }

  private Optional<JsonValue> optional(String key) {
    known.add(key);
    return object.optional(key);
  }
}
