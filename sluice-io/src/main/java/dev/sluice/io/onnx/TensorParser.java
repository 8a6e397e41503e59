package dev.sluice.io.onnx;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.Tensor;
import dev.sluice.io.TensorType;
import dev.sluice.io.protobuf.ProtoReader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Reads one TensorProto: a name, a type, a shape, and numbers in one of several ways: raw, as whole numbers,
 * floats or doubles of protocol buffers, or in a file beside the model. The shape is proved against the
 * numbers that are there.
 */
final class TensorParser {
  /** A tensor by its name; without a constant when it is of a type that Sluice has no use for, such as text. */
  record Named(String name, Optional<Constant> constant) {}

  private final Path file;
  private final ExternalData external;

  private String name = "";
  private long type;
  private final LongStream.Builder dimensions = LongStream.builder();
  private Optional<MemorySegment> raw = Optional.empty();
  private final LongStream.Builder wholeNumbers = LongStream.builder();
  private final DoubleStream.Builder reals = DoubleStream.builder();
  private final Map<String, String> externalPlace = new HashMap<>();
  private boolean isExternal;

  private TensorParser(Path file, ExternalData external) {
    this.file = file;
    this.external = external;
  }

  /** Reads the tensor that {@code in} holds. */
  static Named parse(Path file, ProtoReader in, ExternalData external) {
    TensorParser parser = new TensorParser(file, external);
    while (in.next()) {
      parser.read(in);
    }
    return new Named(parser.name, parser.constant());
  }

  private void read(ProtoReader in) {
    switch (in.field()) {
      case 1 -> in.varints(dimensions);
      case 2 -> type = in.varint();
      case 3 -> throw damaged("comes in segments, which no program writes");
      case 4 -> in.floats(reals);
      case 5, 7 -> in.varints(wholeNumbers);
      case 8 -> name = in.string();
      case 9 -> raw = Optional.of(in.bytes());
      case 10 -> in.doubles(reals);
      case 13 -> readPlace(in.message());
      case 14 -> isExternal = in.varint() == 1;
      default -> {}
    }
  }

  private void readPlace(ProtoReader entry) {
    String key = "";
    String value = "";
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.string();
        case 2 -> value = entry.string();
        default -> {}
      }
    }
    externalPlace.put(key, value);
  }

  private Optional<Constant> constant() {
    return tensorType(type).map(this::constant);
  }

  private Constant constant(TensorType elements) {
    List<Integer> shape = dimensions.build().mapToObj(this::size).toList();
    long count;
    long bytes;
    try {
      count = Tensor.elements(shape);
      bytes = Math.multiplyExact(count, (long) elements.bytes());
      Math.toIntExact(count);
    } catch (ArithmeticException e) {
      throw damaged("is too large with its shape " + shown(shape));
    }
    if (isExternal || raw.isPresent()) {
      MemorySegment data =
          isExternal ? external.find(name, externalPlace, bytes) : raw.orElseThrow();
      if (data.byteSize() != bytes) {
        throw damaged(
            "has %d bytes of data, but its shape %s of %s takes %d"
                .formatted(data.byteSize(), shown(shape), elements, bytes));
      }
      return Constant.of(StoredTensor.rowMajor(file, name, elements, shape, data));
    }
    return listed(elements, shape, count);
  }

  /** Of numbers in fields of their own. */
  private Constant listed(TensorType elements, List<Integer> shape, long count) {
    double[] real = reals.build().toArray();
    long[] whole = wholeNumbers.build().toArray();
    boolean asBits = elements == TensorType.F16 || elements == TensorType.BF16;
    int found = elements.isReal() && !asBits ? real.length : whole.length;
    if (found != count) {
      throw damaged(
          "has %d numbers, but its shape %s takes %d".formatted(found, shown(shape), count));
    }
    if (!elements.isReal()) {
      return Constant.of(shape, whole);
    }
    float[] floats = new float[found];
    for (int i = 0; i < found; i++) {
      floats[i] =
          switch (elements) {
            case F16 -> Float.float16ToFloat((short) whole[i]);
            case BF16 -> Float.intBitsToFloat((int) whole[i] << 16);
            default -> (float) real[i];
          };
    }
    return Constant.of(shape, floats);
  }

  private int size(long dimension) {
    if (dimension < 0 || dimension > Integer.MAX_VALUE) {
      throw damaged("has a dimension of size " + dimension);
    }
    return (int) dimension;
  }

  /** By the numbers of TensorProto.DataType. */
  static Optional<TensorType> tensorType(long number) {
    return switch (Math.clamp(number, 0, 100)) {
      case 1 -> Optional.of(TensorType.F32);
      case 2 -> Optional.of(TensorType.U8);
      case 3 -> Optional.of(TensorType.I8);
      case 5 -> Optional.of(TensorType.I16);
      case 6 -> Optional.of(TensorType.I32);
      case 7 -> Optional.of(TensorType.I64);
      case 9 -> Optional.of(TensorType.BOOL);
      case 10 -> Optional.of(TensorType.F16);
      case 11 -> Optional.of(TensorType.F64);
      case 16 -> Optional.of(TensorType.BF16);
      default -> Optional.empty();
    };
  }

  /** The shape as text; a hostile one may have millions of dimensions. */
  private static String shown(List<Integer> shape) {
    return shape.size() <= 8
        ? shape.toString()
        : "%s... (%d dimensions)".formatted(shape.subList(0, 8), shape.size());
  }

  private ModelFileException damaged(String problem) {
    return new ModelFileException(
        file,
        "the tensor %s %s; the file is damaged or was written by a faulty program"
            .formatted(ModelFileException.shown(name), problem));
  }
}
