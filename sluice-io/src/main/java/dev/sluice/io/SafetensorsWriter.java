package dev.sluice.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes float tensors as a safetensors file that {@link SafetensorsFile} and every other reader of
 * the format take. Equal arguments give equal bytes: tensors stand in the order given, metadata in
 * the order of its keys, and the header is padded with spaces so that the data begins at a multiple
 * of 8. It writes the file in place; for all or nothing, write inside an {@link AtomicDirectory}.
 */
public final class SafetensorsWriter {
  private static final String METADATA = "__metadata__";
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes {@code tensors} to {@code file}, replacing what it holds.
   *
   * @throws IllegalArgumentException when two tensors share a name, or one is called __metadata__
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    requireNames(tensors);
    try (WritableByteChannel channel =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(channel, metadata, tensors);
    }
  }

  /** Writes {@code tensors} to {@code channel}, as {@link #write(Path, Map, List)} to a file. */
  static void write(WritableByteChannel channel, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    byte[] header = header(metadata, tensors);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeFully(channel, length.putLong(header.length).flip());
    writeFully(channel, ByteBuffer.wrap(header));
    for (Tensor tensor : tensors) {
      tensor.writeTo(channel);
    }
  }

  private static void requireNames(List<Tensor> tensors) {
    Tensor.requireDistinctNames(tensors);
    if (tensors.stream().anyMatch(tensor -> tensor.name().equals(METADATA))) {
      throw new IllegalArgumentException(
          "the format needs the tensor name %s for itself".formatted(METADATA));
    }
  }

  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json =
        new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName(METADATA);
        json.writeStartObject();
        new TreeMap<>(metadata).forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long begin = 0;
      for (Tensor tensor : tensors) {
        long end = begin + (long) tensor.data().length * Float.BYTES;
        writeEntry(json, tensor, begin, end);
        begin = end;
      }
      json.writeEndObject();
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  private static void writeEntry(JsonGenerator json, Tensor tensor, long begin, long end) {
    json.writeName(tensor.name());
    json.writeStartObject();
    json.writeStringProperty("dtype", TensorType.F32.name());
    json.writeArrayPropertyStart("shape");
    for (int size : tensor.shape()) {
      json.writeNumber(size);
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(end);
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
