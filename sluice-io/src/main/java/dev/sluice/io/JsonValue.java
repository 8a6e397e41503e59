package dev.sluice.io;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A value of a JSON file, read strictly: as what it is, or not at all. Errors name the file, the place, what
 * was expected and what was found.
 *
 * <p>Records are made here and not by Jackson's data binding, which would take longer to get ready than a small model to
 * be read and to answer.
 *
 * @param place such as {@code layers[2].cells[0]}; empty for all of the file
 * @param cause what a mistake probably comes from, as the end of its message; may be empty
 */
record JsonValue(Path file, String place, JsonNode node, String cause) {
  private static final int SHOWN_CHARACTERS = 40;
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  int integer() {
    require(node.isIntegralNumber() && node.canConvertToInt(), "a whole number");
    return node.intValue();
  }

  /** A number that is finite as a float, too. */
  float number() {
    require(node.isNumber() && Float.isFinite(node.numberValue().floatValue()), "a number");
    return node.numberValue().floatValue();
  }

  boolean flag() {
    require(node.isBoolean(), "true or false");
    return node.booleanValue();
  }

  String text() {
    require(node.isString(), "text");
    return node.stringValue();
  }

  /** One after the other: of a hostile list there may be tens of millions. */
  Stream<JsonValue> elements() {
    require(node.isArray(), "a list");
    return IntStream.range(0, node.size())
        .mapToObj(i -> new JsonValue(file, place + "[" + i + "]", node.get(i), cause));
  }

  /**
   * The value of a key of an object.
   *
   * @throws ModelFileException when this is no object, or has no such key
   */
  JsonValue required(String key) {
    return optional(key).orElseThrow(() -> refused(inside(key), "is missing"));
  }

  Optional<JsonValue> optional(String key) {
    requireObject();
    return Optional.ofNullable(node.get(key))
        .map(value -> new JsonValue(file, inside(key), value, cause));
  }

  /** Where {@code key} of this object is. */
  private String inside(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  void requireObject() {
    require(node.isObject(), "an object");
  }

  /**
   * The record that an object stands for: a key for each component, its name in snake_case. Other keys are left alone.
   * Components are numbers, booleans, text, constants of enums, JSON, records, and lists and optionals of them; an
   * optional that is empty stands as null.
   *
   * @throws ModelFileException when a key is missing or has a value of another type
   */
  <T extends Record> T as(Class<T> type) {
    requireObject();
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = required(key(components[i])).of(components[i].getGenericType());
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record has a constructor that takes any values", e);
    }
  }

  /** As the component is named where it is written. */
  private static String key(RecordComponent component) {
    return component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
  }

  private Object of(Type type) {
    if (type instanceof ParameterizedType several) {
      Type element = several.getActualTypeArguments()[0];
      if (several.getRawType() == List.class) {
        return elements().map(e -> e.of(element)).toList();
      }
      return node.isNull() ? Optional.empty() : Optional.of(of(element));
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return as(plain.asSubclass(Record.class));
    }
    return plain.isEnum() ? constant(plain) : of(plain);
  }

  private Object of(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int" -> integer();
      case "long" -> whole();
      case "float", "Float" -> real().floatValue();
      case "double", "Double" -> real().doubleValue();
      case "boolean" -> flag();
      case "String" -> text();
      case "JsonNode" -> node;
      default -> throw new AssertionError(type);
    };
  }

  private long whole() {
    require(node.isIntegralNumber() && node.canConvertToLong(), "a whole number");
    return node.longValue();
  }

  /** As {@link #number}, and infinite or none at all, which Jackson writes as text. */
  private Number real() {
    if (node.isString() && NOT_FINITE.contains(node.stringValue())) {
      return Double.valueOf(node.stringValue());
    }
    require(node.isNumber(), "a number");
    return node.numberValue();
  }

  private Object constant(Class<?> type) {
    String name = text();
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> expected("one of " + Arrays.toString(type.getEnumConstants())));
  }

  private void require(boolean holds, String expected) {
    if (!holds) {
      throw expected(expected);
    }
  }

  private ModelFileException expected(String expected) {
    return refused(place, "expected %s, found %s".formatted(expected, excerpt()));
  }

  private ModelFileException refused(String where, String problem) {
    return new ModelFileException(file, (where.isEmpty() ? "" : where + ": ") + problem + cause);
  }

  /** The beginning of the value as it may stand in a message. */
  private String excerpt() {
    String json = node.toString();
    return json.length() <= SHOWN_CHARACTERS ? json : json.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
