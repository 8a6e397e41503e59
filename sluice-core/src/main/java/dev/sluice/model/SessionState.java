package dev.sluice.model;

import dev.sluice.cell.Cell;
import dev.sluice.model.StreamLayer.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The state of a session as bytes, the same on every machine:
 *
 * <pre>
 *   SLUICE01     8 characters: what this is, and the version of it
 *   int          length of the text
 *   text         the layers, UTF-8: kind, and sizes of the parts of the state: LSTM 128+128, GRU 64
 *   floats       the parts, layer by layer; numbers are big-endian
 * </pre>
 */
final class SessionState {
  private static final byte[] MAGIC = "SLUICE01".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = MAGIC.length + Integer.BYTES;

  private SessionState() {}

  static byte[] write(StreamingModel model, float[] memory) {
    byte[] layers = layers(model).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + layers.length + size(model));
    bytes.put(MAGIC).putInt(layers.length).put(layers);
    for (Span part : model.state()) {
      bytes.asFloatBuffer().put(memory, part.at(), part.length());
      bytes.position(bytes.position() + part.length() * Float.BYTES);
    }
    return bytes.array();
  }

  /** Writes nothing to {@code memory} unless all of {@code state} is in order. */
  static void read(byte[] state, StreamingModel model, float[] memory) {
    int end = endOfLayers(state);
    String given = new String(state, HEADER, end - HEADER, StandardCharsets.UTF_8);
    String expected = layers(model);
    if (!given.equals(expected)) {
      throw new IllegalArgumentException(
          "the state is of a model with layers [%s]; this one has [%s]".formatted(given, expected));
    }
    ByteBuffer bytes = ByteBuffer.wrap(state, end, state.length - end);
    if (bytes.remaining() != size(model)) {
      throw new IllegalArgumentException(
          "the state is damaged: expected %d bytes for [%s], found %d"
              .formatted(size(model), given, bytes.remaining()));
    }
    for (Span part : model.state()) {
      bytes.asFloatBuffer().get(memory, part.at(), part.length());
      bytes.position(bytes.position() + part.length() * Float.BYTES);
    }
  }

  /** Where the text ends, and the floats begin. */
  private static int endOfLayers(byte[] state) {
    if (state.length < HEADER || !Arrays.equals(state, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IllegalArgumentException(
          "not a saved state: %d bytes that do not begin with %s"
              .formatted(state.length, new String(MAGIC, StandardCharsets.US_ASCII)));
    }
    int length = ByteBuffer.wrap(state).getInt(MAGIC.length);
    if (length < 0 || length > state.length - HEADER) {
      throw new IllegalArgumentException(
          "the state is damaged: a text of %d bytes cannot be inside %d bytes"
              .formatted(length, state.length));
    }
    return HEADER + length;
  }

  private static String layers(StreamingModel model) {
    return model.recurrent().cells().stream()
        .map(SessionState::layer)
        .collect(Collectors.joining(", "));
  }

  private static String layer(Cell cell) {
    return cell.stateSizes().stream()
        .map(Object::toString)
        .collect(Collectors.joining("+", cell.name() + " ", ""));
  }

  /** Bytes of all parts. */
  private static int size(StreamingModel model) {
    return model.state().stream().mapToInt(Span::length).sum() * Float.BYTES;
  }
}
