package dev.sluice.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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

  /** Jackson's own parser of fractions takes longer to get ready than a file of them to read. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Only made when something is written: that takes longer than to read a file and answer. */
  private static final class Writer {
    static final JsonMapper JSON =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPrettyPrinter(
                new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();
  }

  /** {@code config} as JSON on one line. */
  static String text(Record config) {
    return Writer.JSON.writeValueAsString(config);
  }

  /** Writes {@code config} as {@code file}: equal records give equal bytes. */
  static void write(Path file, Record config) throws IOException {
    Files.writeString(
        file, Writer.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
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
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == null) {
        throw new StreamReadException(parser, "There is no value");
      }
      JsonNode tree = node(parser);
      if (parser.nextToken() != null) {
        throw new StreamReadException(parser, "More text follows the value");
      }
      return new ConfigFile(file, tree);
    } catch (JacksonException e) {
      throw new ModelFileException(
          file,
          "no valid JSON (%s%s); the file was cut short, edited, or is another one"
              .formatted(line(e), e.getOriginalMessage()),
          e);
    }
  }

  /** The value that the current token begins; how deep they may be nested is up to the parser. */
  private static JsonNode node(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
      default -> throw new StreamReadException(parser, "A value is expected");
    };
  }

  private static JsonNode object(JsonParser parser) {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      object.set(key, node(parser));
    }
    return object;
  }

  private static JsonNode array(JsonParser parser) {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(node(parser));
    }
    return array;
  }

  /**
   * The record that the file stands for.
   *
   * @throws ModelFileException when it is no JSON object, or a key is missing or has a value of another
   *     type
   */
  <T extends Record> T as(Class<T> type) {
    new JsonValue(file, "", tree, "; is it another file?").requireObject();
    return new JsonValue(file, "", tree, "; was the file edited?").as(type);
  }

  private static String line(JacksonException e) {
    return Optional.ofNullable(e.getLocation())
        .map(location -> "line %d: ".formatted(location.getLineNr()))
        .orElse("");
  }
}
