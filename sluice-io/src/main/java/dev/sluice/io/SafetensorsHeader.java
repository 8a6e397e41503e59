package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the header of a safetensors file says: its metadata, and for every tensor the name, type,
 * shape and place in the data behind the header. {@link #checkLayout} proves the places against
 * the size of the data before anything is read or allocated; {@link SafetensorsParser} makes the
 * header from the file's JSON.
 *
 * @param metadata the strings under {@code __metadata__}
 * @param tensors in the order of the header
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> tensors) {

  /**
   * One tensor. Its bytes are {@code begin} (inclusive) to {@code end} (exclusive), counted from
   * the end of the header; {@code 0 <= begin <= end}.
   */
  record Entry(String name, TensorType type, List<Integer> shape, long begin, long end) {}

  /**
   * Requires that the tensors cover the data exactly: each as long as its shape and type say, none
   * overlapping, no byte left over. So a file has one meaning, and hides nothing.
   *
   * @throws ModelFileException naming the first tensor out of place
   */
  void checkLayout(Path file, long dataBytes) {
    for (Entry tensor : tensors) {
      checkSize(file, tensor);
      checkEnd(file, tensor, dataBytes);
    }
    List<Entry> placed = tensors.stream().sorted(SafetensorsHeader::compare).toList();
    long covered = 0;
    for (Entry tensor : placed) {
      if (tensor.begin < covered) {
        throw damaged(
            file,
            tensor,
            "begins at byte %d of the data, where another tensor reaches to byte %d"
                .formatted(tensor.begin, covered));
      }
      if (tensor.begin > covered) {
        throw damaged(
            file,
            tensor,
            "begins at byte %d of the data and leaves a hole behind byte %d"
                .formatted(tensor.begin, covered));
      }
      covered = tensor.end;
    }
    if (covered != dataBytes) {
      throw new ModelFileException(
          file,
          ("%d bytes follow the last tensor (which ends at byte %d of the data); something was"
                  + " appended, or the file is damaged")
              .formatted(dataBytes - covered, covered));
    }
  }

  /** By place; a method, because comparators put together of the JDK's are in no AOT cache. */
  private static int compare(Entry a, Entry b) {
    int byBegin = Long.compare(a.begin, b.begin);
    return byBegin != 0 ? byBegin : Long.compare(a.end, b.end);
  }

  private static void checkSize(Path file, Entry tensor) {
    long bytes;
    try {
      bytes = Math.multiplyExact(Tensor.elements(tensor.shape), (long) tensor.type.bytes());
    } catch (ArithmeticException e) {
      throw damaged(
          file, tensor, "is too large for any file with its shape %s".formatted(shape(tensor)));
    }
    if (tensor.end - tensor.begin != bytes) {
      throw damaged(
          file,
          tensor,
          "has %d bytes of data, but its shape %s of %s takes %d"
              .formatted(tensor.end - tensor.begin, shape(tensor), tensor.type, bytes));
    }
  }

  private static void checkEnd(Path file, Entry tensor, long dataBytes) {
    if (tensor.end > dataBytes) {
      throw new ModelFileException(
          file,
          ("the tensor %s ends at byte %d of the data, which has only %d; the file was cut short,"
                  + " copy or download it again")
              .formatted(shown(tensor.name), tensor.end, dataBytes));
    }
  }

  private static ModelFileException damaged(Path file, Entry tensor, String problem) {
    return new ModelFileException(
        file,
        "the tensor %s %s; the file is damaged or was written by a faulty program"
            .formatted(shown(tensor.name), problem));
  }

  /** The shape as text; a hostile one may have millions of dimensions. */
  private static String shape(Entry tensor) {
    List<Integer> shape = tensor.shape;
    return shape.size() <= 8
        ? shape.toString()
        : "%s... (%d dimensions)".formatted(shape.subList(0, 8), shape.size());
  }
}
