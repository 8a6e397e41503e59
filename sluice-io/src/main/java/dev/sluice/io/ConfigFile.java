package dev.sluice.io;

import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * A JSON file and the record it stands for, strictly: no key may be missing, no value of another
 * type. Errors name the key, what was expected and what was found. What the values mean is up to
 * the record.
 *
 * @param file where it is
 * @param tree what is in it
 */
record ConfigFile(Path file, JsonNode tree) {
  private static final long MAX_BYTES = 1 << 26;
  private static final int SHOWN_CHARACTERS = 40;

  private static final Map<Class<?>, String> IN_WORDS =
      Map.of(
          int.class, "a whole number",
          long.class, "a whole number",
          float.class, "a number",
          Double.class, "a number",
          boolean.class, "true or false",
          String.class, "text",
          ArrayList.class, "a list"); // what Jackson makes of a List

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                for (var shape :
                    List.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean)) {
                  text.setCoercion(shape, CoercionAction.Fail);
                }
              })
          .build();

  /** {@code config} as JSON on one line. */
  static String text(Record config) {
    return JSON.writeValueAsString(config);
  }

  /** Writes {@code config} as {@code file}: equal records give equal bytes. */
  static void write(Path file, Record config) throws IOException {
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
  }

  /**
   * Reads any JSON.
   *
   * @throws ModelFileException when the file cannot be read or is no JSON
   */
  static ConfigFile read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelFileException(
            file, "larger than %d bytes; is it another file?".formatted(MAX_BYTES));
      }
      return parse(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw ModelFileException.refused(file, "read", e);
    }
  }

  /**
   * Takes JSON that was read from {@code file}.
   *
   * @throws ModelFileException when it is no JSON
   */
  static ConfigFile parse(Path file, byte[] json) {
    try {
      return new ConfigFile(file, JSON.readTree(json));
    } catch (JacksonException e) {
      throw new ModelFileException(
          file,
          "no valid JSON (%s%s); the file was cut short, edited, or is another one"
              .formatted(line(e), e.getOriginalMessage()),
          e);
    }
  }

  /**
   * The record that the file stands for.
   *
   * @throws ModelFileException when it is no JSON object, or a key is missing or has a value of another
   *     type
   */
  <T extends Record> T as(Class<T> type) {
    if (!tree.isObject()) {
      throw new ModelFileException(
          file, "expected an object, found %s; is it another file?".formatted(excerpt(tree)));
    }
    try {
      return JSON.treeToValue(tree, type);
    } catch (JacksonException e) {
      String key =
          e.getPath().stream()
              .map(JacksonException.Reference::getPropertyName)
              .filter(Objects::nonNull)
              .collect(Collectors.joining("."));
      throw new ModelFileException(
          file, "%s: %s; was the file edited?".formatted(key, problem(e)), e);
    }
  }

  private String problem(JacksonException e) {
    JsonNode found = tree;
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      found = name == null ? found.path(step.getIndex()) : found.path(name);
    }
    if (found.isMissingNode()) {
      return "is missing";
    }
    return "expected %s, found %s".formatted(expected(e), excerpt(found));
  }

  private static String expected(JacksonException e) {
    Class<?> type =
        switch (e) {
          case MismatchedInputException mismatch -> mismatch.getTargetType();
          case InputCoercionException coercion -> coercion.getTargetType();
          default -> Object.class;
        };
    return IN_WORDS.getOrDefault(type, "an object");
  }

  private static String line(JacksonException e) {
    return Optional.ofNullable(e.getLocation())
        .map(location -> "line %d: ".formatted(location.getLineNr()))
        .orElse("");
  }

  /** The beginning of {@code found} as it may stand in a message. */
  static String excerpt(JsonNode found) {
    String json = found.toString();
    return json.length() <= SHOWN_CHARACTERS ? json : json.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
