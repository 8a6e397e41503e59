package dev.sluice.cli;

import java.io.PrintWriter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Records as JSON objects on one line, their components in their order: what {@code --json} prints. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Json() {}

  /** Prints {@code value} as a line. */
  static void print(PrintWriter out, Object value) {
    out.println(text(value));
  }

  /** {@code value} on one line, without its end. */
  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** Reads what {@link #text} wrote. */
  static JsonNode parse(String line) {
    return MAPPER.readTree(line);
  }

  /** What was parsed as a record; a number that it did not have yet is 0. */
  static <T> T convert(JsonNode parsed, Class<T> type) {
    return MAPPER.treeToValue(parsed, type);
  }
}
