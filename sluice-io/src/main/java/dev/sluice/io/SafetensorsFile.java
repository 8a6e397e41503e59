package dev.sluice.io;

import dev.sluice.io.SafetensorsHeader.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A <a href="https://github.com/huggingface/safetensors">safetensors</a> file open for reading: 8
 * bytes little-endian length of the header, the header (JSON, see {@link SafetensorsParser}), the
 * data.
 *
 * <p>The file is mapped, so opening costs the header only, whatever the size of the weights; each
 * tensor is copied to the heap when it is asked for. The whole header is proved against the size
 * of the file before {@link #open} returns. The file must not be cut short while it is open: the
 * JVM reports that as an {@link InternalError}.
 *
 * <p>Safe for use by many threads. After {@link #close} its tensors can no longer be read.
 */
public final class SafetensorsFile implements TensorFile {
  /** The format's own bound on the header. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;

  private final Path file;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();

  private SafetensorsFile(Path file, Arena arena) {
    this.file = file;
    this.arena = arena;
    MemorySegment mapped = TensorFile.map(file, "safetensors file", arena);
    byte[] json = headerBytes(file, mapped);
    MemorySegment data = mapped.asSlice(LENGTH_BYTES + json.length);
    SafetensorsHeader header = SafetensorsParser.parse(file, json);
    header.checkLayout(file, data.byteSize());
    this.metadata = header.metadata();
    for (Entry tensor : header.tensors()) {
      MemorySegment bytes = data.asSlice(tensor.begin(), tensor.end() - tensor.begin());
      tensors.put(
          tensor.name(),
          StoredTensor.rowMajor(file, tensor.name(), tensor.type(), tensor.shape(), bytes));
    }
  }

  /**
   * Opens {@code file} and checks its whole header.
   *
   * @throws ModelFileException when it is missing, unreadable, damaged, or no safetensors file
   */
  public static SafetensorsFile open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return new SafetensorsFile(file, arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** What the writer of the file said about it, in the order of the header; often empty. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Path file() {
    return file;
  }

  /** Every tensor by its name, in the order of the header. */
  @Override
  public SequencedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void close() {
    arena.close();
  }

  private static byte[] headerBytes(Path file, MemorySegment mapped) {
    if (mapped.byteSize() < LENGTH_BYTES) {
      throw new ModelFileException(
          file,
          "%d bytes are too few for a safetensors file; the file is empty or was cut short"
              .formatted(mapped.byteSize()));
    }
    // Of a buffer: a segment would first make a var handle, which a short start can do without.
    long length =
        mapped.asSlice(0, LENGTH_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
    long rest = mapped.byteSize() - LENGTH_BYTES;
    if (length < 0 || length > rest) {
      throw new ModelFileException(
          file,
          ("a header of %s bytes does not fit in the %d that follow; the file was cut short or is"
                  + " no safetensors file")
              .formatted(Long.toUnsignedString(length), rest));
    }
    if (length > MAX_HEADER_BYTES) {
      throw new ModelFileException(
          file,
          "a header of %d bytes is beyond the format's limit of %d; the file is damaged"
              .formatted(length, MAX_HEADER_BYTES));
    }
    return mapped.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
