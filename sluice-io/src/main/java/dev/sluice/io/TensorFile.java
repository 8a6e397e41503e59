package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SequencedMap;

/**
 * An open file of named tensors, whatever its format. The file is mapped, so that opening it costs
 * what describes the tensors and not the tensors; each is copied to the heap when it is asked for.
 * The file must not be cut short while it is open: the JVM reports that as an {@link
 * InternalError}.
 *
 * <p>Safe for use by many threads. After {@link #close} its tensors can no longer be read.
 */
public interface TensorFile extends AutoCloseable {
  /** Where it is, for messages. */
  Path file();

  /** Every tensor by its name, in the order of the file; cannot be changed. */
  SequencedMap<String, StoredTensor> tensors();

  /**
   * The tensor of that name.
   *
   * @throws ModelFileException when there is none; the message lists those there are
   */
  default StoredTensor tensor(String name) {
    StoredTensor tensor = tensors().get(name);
    if (tensor == null) {
      throw new ModelFileException(
          file(), "no tensor %s; it holds %s".formatted(shown(name), shown(tensors().keySet())));
    }
    return tensor;
  }

  @Override
  void close();

  /**
   * The bytes of {@code file}, mapped until {@code arena} is closed.
   *
   * @param kind what it should be, such as "safetensors file"
   * @throws ModelFileException when it is missing, unreadable, or no file
   */
  static MemorySegment map(Path file, String kind, Arena arena) {
    // A pipe would block, and a folder fails with a message that does not say what it is.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ModelFileException(file, "is not a file; name the %s itself".formatted(kind));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw ModelFileException.refused(file, "read", e);
    }
  }
}
