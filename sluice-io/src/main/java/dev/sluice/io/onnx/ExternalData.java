package dev.sluice.io.onnx;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files beside a model that hold its larger tensors. A model says their names, so it is not trusted with
 * them: only files in the folder of the model, and below it, are opened.
 */
final class ExternalData {
  private final Path model;
  private final Arena arena;
  private final Map<String, MemorySegment> mapped = new HashMap<>();

  ExternalData(Path model, Arena arena) {
    this.model = model;
    this.arena = arena;
  }

  /**
   * The bytes of a tensor.
   *
   * @param tensor its name
   * @param place where it is, by the keys {@code location}, {@code offset} and {@code length}
   * @param bytes how many its shape takes
   */
  MemorySegment find(String tensor, Map<String, String> place, long bytes) {
    String location = place.getOrDefault("location", "");
    MemorySegment data = mapped.get(location);
    if (data == null) {
      data = TensorFile.map(inside(tensor, location), "file of weights", arena);
      mapped.put(location, data);
    }
    long offset = number(tensor, place.getOrDefault("offset", "0"));
    long length = number(tensor, place.getOrDefault("length", Long.toString(bytes)));
    if (length > data.byteSize() || offset > data.byteSize() - length) {
      throw refused(
          tensor,
          "is %d bytes at byte %d of the file %s, which has only %d"
              .formatted(length, offset, shown(location), data.byteSize()));
    }
    return data.asSlice(offset, length);
  }

  /** How many bytes there are in all files that were opened. */
  long bytes() {
    return mapped.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  private Path inside(String tensor, String location) {
    try {
      Path folder = model.toAbsolutePath().toRealPath().getParent();
      Path named = Path.of(location);
      boolean leaves = named.isAbsolute() || location.isEmpty();
      for (Path part : named) {
        leaves |= part.toString().equals("..");
      }
      if (leaves || folder == null) {
        throw outside(tensor, location);
      }
      Path file = folder.resolve(named);
      if (!Files.isRegularFile(file)) {
        throw refused(
            tensor,
            "is in the file %s, which is not there; copy it beside the model"
                .formatted(shown(location)));
      }
      if (!file.toRealPath().startsWith(folder)) {
        throw outside(tensor, location);
      }
      return file;
    } catch (InvalidPathException e) {
      throw outside(tensor, location);
    } catch (IOException e) {
      throw ModelFileException.refused(model, "read", e);
    }
  }

  private long number(String tensor, String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same as a negative one
    }
    throw refused(tensor, "is at the impossible place %s of its file".formatted(shown(text)));
  }

  private ModelFileException outside(String tensor, String location) {
    return refused(
        tensor,
        "is said to be in the file %s; only files in the model's own folder are opened"
            .formatted(shown(location)));
  }

  private ModelFileException refused(String tensor, String problem) {
    return new ModelFileException(model, "the tensor %s %s".formatted(shown(tensor), problem));
  }
}
