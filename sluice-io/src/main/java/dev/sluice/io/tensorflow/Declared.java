package dev.sluice.io.tensorflow;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.Tensor;
import dev.sluice.io.TensorType;
import dev.sluice.io.protobuf.ProtoReader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a file declares of a tensor: its name, type and shape. It is proved against the bytes there are before
 * it is believed.
 *
 * @param file in which it is, for messages
 */
record Declared(Path file, String name, TensorType type, List<Long> sizes) {
  /** By TensorFlow's enum DataType; nothing for a type that Sluice has no use for, such as text. */
  static Optional<TensorType> type(long number) {
    return switch (Math.clamp(number, 0, 100)) {
      case 1 -> Optional.of(TensorType.F32);
      case 2 -> Optional.of(TensorType.F64);
      case 3 -> Optional.of(TensorType.I32);
      case 4 -> Optional.of(TensorType.U8);
      case 5 -> Optional.of(TensorType.I16);
      case 6 -> Optional.of(TensorType.I8);
      case 9 -> Optional.of(TensorType.I64);
      case 10 -> Optional.of(TensorType.BOOL);
      case 14 -> Optional.of(TensorType.BF16);
      case 19 -> Optional.of(TensorType.F16);
      default -> Optional.empty();
    };
  }

  /** The sizes in a TensorShapeProto. */
  static List<Long> sizes(ProtoReader in) {
    List<Long> sizes = new ArrayList<>(2);
    while (in.next()) {
      if (in.field() == 2) {
        long size = 0;
        ProtoReader dimension = in.message();
        while (dimension.next()) {
          if (dimension.field() == 1) {
            size = dimension.varint();
          }
        }
        sizes.add(size);
      }
    }
    return sizes;
  }

  List<Integer> shape() {
    List<Integer> shape = new ArrayList<>(sizes.size());
    for (long size : sizes) {
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw refused("has a dimension of size %d; the file is damaged".formatted(size));
      }
      shape.add((int) size);
    }
    return shape;
  }

  /** Number of elements. */
  long count() {
    List<Integer> shape = shape();
    try {
      return Tensor.elements(shape);
    } catch (ArithmeticException e) {
      throw refused("is too large with its shape %s; the file is damaged".formatted(shownShape()));
    }
  }

  /** Bytes of all elements. */
  long bytes() {
    try {
      return Math.multiplyExact(count(), (long) type.bytes());
    } catch (ArithmeticException e) {
      throw refused("is too large with its shape %s; the file is damaged".formatted(shownShape()));
    }
  }

  /** The tensor whose numbers are in {@code data}. */
  StoredTensor in(MemorySegment data) {
    if (data.byteSize() != bytes()) {
      throw refused(
          "has %d bytes of data, but its shape %s of %s takes %d; the file is damaged"
              .formatted(data.byteSize(), shownShape(), type, bytes()));
    }
    return StoredTensor.rowMajor(file, name, type, shape(), data);
  }

  ModelFileException refused(String problem) {
    return new ModelFileException(file, "the tensor %s %s".formatted(shown(name), problem));
  }

  /** The shape as text; a hostile one may have millions of dimensions. */
  String shownShape() {
    return sizes.size() <= 8
        ? sizes.toString()
        : "%s... (%d dimensions)".formatted(sizes.subList(0, 8), sizes.size());
  }
}
