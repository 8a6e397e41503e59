package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.SafetensorsHeader.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON of a safetensors header, token by token, so that what it costs is bounded by the
 * header's size and nothing but the format's own keys is accepted:
 *
 * <pre>{@code
 * {"__metadata__": {"key": "text", ...},
 *  "NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
 * }</pre>
 *
 * <p>It checks that the header is well formed; whether the tensors fit the file is up to {@link
 * SafetensorsHeader#checkLayout}.
 */
final class SafetensorsParser {
  /** Names are not interned or shared between files: a hostile header leaves nothing behind. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
          .build();

  private static final String LIKELY_CAUSE = "the file is damaged or is no safetensors file";

  private final Path file;
  private final JsonParser json;

  private SafetensorsParser(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * The header that {@code utf8} holds.
   *
   * @throws ModelFileException when it is not JSON of the form above; {@code file} is named in it
   */
  static SafetensorsHeader parse(Path file, byte[] utf8) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), decoded(file, utf8))) {
      return new SafetensorsParser(file, json).header();
    } catch (JacksonException e) {
      throw new ModelFileException(
          file,
          "the header is not valid JSON: %s (header character %d); %s"
              .formatted(e.getOriginalMessage(), e.getLocation().getCharOffset(), LIKELY_CAUSE),
          e);
    }
  }

  private static String decoded(Path file, byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFileException(file, "the header is not UTF-8; " + LIKELY_CAUSE, e);
    }
  }

  private SafetensorsHeader header() {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> tensors = new ArrayList<>();
    json.nextToken();
    expect(JsonToken.START_OBJECT, "the header", "an object");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("__metadata__")) {
        readMetadata(metadata);
      } else {
        tensors.add(tensor(name));
      }
    }
    if (json.nextToken() != null) {
      throw malformed("more text follows the header's closing brace");
    }
    return new SafetensorsHeader(metadata, tensors);
  }

  private void readMetadata(Map<String, String> metadata) {
    expect(JsonToken.START_OBJECT, "__metadata__", "an object");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      json.nextToken();
      expect(JsonToken.VALUE_STRING, "the metadata " + shown(key), "a string");
      metadata.put(key, json.getString());
    }
  }

  private Entry tensor(String name) {
    String tensor = "the tensor " + shown(name);
    Optional<TensorType> type = Optional.empty();
    Optional<List<Integer>> shape = Optional.empty();
    Optional<long[]> offsets = Optional.empty();
    expect(JsonToken.START_OBJECT, tensor, "an object");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = Optional.of(type(tensor));
        case "shape" -> shape = Optional.of(shape(tensor));
        case "data_offsets" -> offsets = Optional.of(offsets(tensor));
        default -> throw malformed("%s has the unknown key %s".formatted(tensor, shown(key)));
      }
    }
    long[] place = offsets.orElseThrow(() -> malformed(tensor + " has no data_offsets"));
    return new Entry(
        name,
        type.orElseThrow(() -> malformed(tensor + " has no dtype")),
        shape.orElseThrow(() -> malformed(tensor + " has no shape")),
        place[0],
        place[1]);
  }

  private TensorType type(String tensor) {
    expect(JsonToken.VALUE_STRING, "the dtype of " + tensor, "a string");
    String dtype = json.getString();
    for (TensorType type : TensorType.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw new ModelFileException(
        file,
        "%s has the dtype %s; Sluice reads %s, so convert it with the program that wrote it"
            .formatted(tensor, shown(dtype), Arrays.toString(TensorType.values())));
  }

  private List<Integer> shape(String tensor) {
    String what = "the shape of " + tensor;
    expect(JsonToken.START_ARRAY, what, "an array");
    List<Integer> shape = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      shape.add((int) number(what, Integer.MAX_VALUE));
    }
    return List.copyOf(shape);
  }

  private long[] offsets(String tensor) {
    String what = "data_offsets of " + tensor;
    expect(JsonToken.START_ARRAY, what, "an array");
    json.nextToken();
    long begin = number(what, Long.MAX_VALUE);
    json.nextToken();
    long end = number(what, Long.MAX_VALUE);
    json.nextToken();
    expect(JsonToken.END_ARRAY, what, "an array of two numbers");
    if (end < begin) {
      throw malformed("%s end (%d) before they begin (%d)".formatted(what, end, begin));
    }
    return new long[] {begin, end};
  }

  private long number(String what, long largest) {
    expect(JsonToken.VALUE_NUMBER_INT, what, "whole numbers");
    boolean fits = json.getNumberType() != NumberType.BIG_INTEGER;
    if (!fits || json.getLongValue() < 0 || json.getLongValue() > largest) {
      throw malformed(
          "%s: %s is not between 0 and %d".formatted(what, shown(json.getString()), largest));
    }
    return json.getLongValue();
  }

  private void expect(JsonToken token, String what, String form) {
    if (json.currentToken() != token) {
      throw malformed("%s must be %s".formatted(what, form));
    }
  }

  private ModelFileException malformed(String problem) {
    return new ModelFileException(
        file,
        "%s (header character %d); %s"
            .formatted(problem, json.currentTokenLocation().getCharOffset(), LIKELY_CAUSE));
  }
}
