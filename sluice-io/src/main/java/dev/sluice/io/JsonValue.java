package dev.sluice.io;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  int integer() {
    require(node.isIntegralNumber() && node.canConvertToInt(), "a whole number");
    return node.intValue();
  }

  /** A number that is finite as a float, too. */
  float number() {
    require(node.isNumber() && Float.isFinite((float) node.doubleValue()), "a number");
    return (float) node.doubleValue();
  }

  boolean flag() {
    require(node.isBoolean(), "true or false");
    return node.booleanValue();
  }

  String text() {
    require(node.isString(), "text");
    return node.stringValue();
  }

  List<JsonValue> elements() {
    require(node.isArray(), "a list");
    List<JsonValue> elements = new ArrayList<>();
    for (JsonNode element : node.values()) {
      elements.add(new JsonValue(file, place + "[" + elements.size() + "]", element, cause));
    }
    return elements;
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
   * @throws ModelFileException when a key is missing, has a value of another type, or one that the record refuses
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
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refused(place, String.valueOf(refusal.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record has a constructor of its components", e);
    }
  }

  /** As the component is named where it is written. */
  private static String key(RecordComponent component) {
    return component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
  }

  private Object of(Type type) {
    return switch (type) {
      case ParameterizedType list when list.getRawType() == List.class ->
          elements().stream().map(e -> e.of(list.getActualTypeArguments()[0])).toList();
      case ParameterizedType optional when optional.getRawType() == Optional.class ->
          node.isNull() ? Optional.empty() : Optional.of(of(optional.getActualTypeArguments()[0]));
      case Class<?> plain when plain.isRecord() -> as(plain.asSubclass(Record.class));
      case Class<?> plain when plain.isEnum() -> constant(plain);
      case Class<?> plain -> of(plain);
      default -> throw new AssertionError(type);
    };
  }

  private Object of(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int" -> integer();
      case "long" -> whole();
      case "float", "Float" -> (float) written();
      case "double", "Double" -> written();
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

  /** A number as Jackson writes it: those that JSON does not have are text. */
  private double written() {
    return switch (node.asString("")) {
      case "NaN", "Infinity", "-Infinity" -> Double.parseDouble(node.asString());
      default -> {
        require(node.isNumber(), "a number");
        yield node.doubleValue();
      }
    };
  }

  private Object constant(Class<?> type) {
    String name = text();
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    require(false, "one of " + Arrays.toString(type.getEnumConstants()));
    throw new AssertionError(name);
  }

  private void require(boolean holds, String expected) {
    if (!holds) {
      throw refused(place, "expected %s, found %s".formatted(expected, excerpt()));
    }
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
