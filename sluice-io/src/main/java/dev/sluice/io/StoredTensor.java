package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in an open {@link TensorFile}: its name, type and shape, and its values converted to a
 * new array each time they are asked for, row-major, however they lie in the file. Valid until the
 * file is closed.
 */
public final class StoredTensor {
  /** The most elements the JVM puts in one array. */
  private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort BITS16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final String name;
  private final TensorType type;
  private final List<Integer> shape;
  private final boolean rowMajor;
  private final long[] strides; // for each dimension; none needed when row-major
  private final MemorySegment bytes;

  private StoredTensor(
      Path file,
      String name,
      TensorType type,
      List<Integer> shape,
      boolean rowMajor,
      long[] strides,
      MemorySegment bytes) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = List.copyOf(shape);
    this.rowMajor = rowMajor;
    this.strides = strides;
    this.bytes = bytes;
  }

  /**
   * A tensor whose values lie in the order of its shape, little-endian.
   *
   * @param file in which it is, for messages
   * @param bytes the values and nothing else; the caller has compared their size with the shape
   */
  public static StoredTensor rowMajor(
      Path file, String name, TensorType type, List<Integer> shape, MemorySegment bytes) {
    return new StoredTensor(file, name, type, shape, true, new long[0], bytes);
  }

  /**
   * A view of values that lie apart or in another order, as PyTorch makes them by slicing and
   * transposing: the value at index (i, j, ...) is number {@code i·strides[0] + j·strides[1] + ...}
   *
   * @param file in which it is, for messages
   * @param strides for each dimension of {@code shape} how many values apart its neighbours are
   * @param bytes from the view's first value on; the caller has checked that the last is inside
   */
  public static StoredTensor strided(
      Path file,
      String name,
      TensorType type,
      List<Integer> shape,
      long[] strides,
      MemorySegment bytes) {
    boolean rowMajor = Arrays.equals(strides, Tensor.rowMajorStrides(shape));
    return new StoredTensor(file, name, type, shape, rowMajor, strides.clone(), bytes);
  }

  public String name() {
    return name;
  }

  public TensorType type() {
    return type;
  }

  /** Sizes from the slowest to the fastest dimension; empty for a single number. */
  public List<Integer> shape() {
    return shape;
  }

  /**
   * The values of an F32, F64, F16 or BF16 tensor; F64 is rounded to the nearest float, the others
   * are exact.
   *
   * @throws ModelFileException when it holds integers, or more values than an array can
   */
  public float[] floats() {
    float[] values = new float[count(true)];
    if (type == TensorType.F32 && rowMajor) {
      MemorySegment.copy(bytes, F32, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) real(position(i));
    }
    return values;
  }

  /**
   * The values of an F32, F64, F16 or BF16 tensor, all exact.
   *
   * @throws ModelFileException when it holds integers, or more values than an array can
   */
  public double[] doubles() {
    double[] values = new double[count(true)];
    for (int i = 0; i < values.length; i++) {
      values[i] = real(position(i));
    }
    return values;
  }

  /**
   * The values of an I64, I32, I16, I8, U8 or BOOL (0 or 1) tensor.
   *
   * @throws ModelFileException when it holds real numbers, or more values than an array can
   */
  public long[] longs() {
    long[] values = new long[count(false)];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(position(i));
    }
    return values;
  }

  private double real(long position) {
    return switch (type) {
      case F64 -> bytes.getAtIndex(F64, position);
      case F32 -> bytes.getAtIndex(F32, position);
      case F16 -> Float.float16ToFloat(bytes.getAtIndex(BITS16, position));
      case BF16 -> Float.intBitsToFloat(bytes.getAtIndex(BITS16, position) << 16);
      default -> throw new IllegalStateException(type.name());
    };
  }

  private long integer(long position) {
    return switch (type) {
      case I64 -> bytes.getAtIndex(I64, position);
      case I32 -> bytes.getAtIndex(I32, position);
      case I16 -> bytes.getAtIndex(BITS16, position);
      case I8 -> bytes.get(ValueLayout.JAVA_BYTE, position);
      case U8, BOOL -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, position));
      default -> throw new IllegalStateException(type.name());
    };
  }

  /** Where the {@code i}-th value in the order of the shape lies. */
  private long position(int i) {
    if (rowMajor) {
      return i;
    }
    long position = 0;
    int rest = i;
    for (int d = strides.length - 1; d >= 0; d--) {
      int size = shape.get(d);
      position += rest % size * strides[d];
      rest /= size;
    }
    return position;
  }

  /** The number of values, once they are known to be of the kind asked for and to fit an array. */
  private int count(boolean real) {
    if (type.isReal() != real) {
      throw new ModelFileException(
          file,
          "the tensor %s holds %s (%s), but %s are needed here; is it another model's file?"
              .formatted(shown(name), numbers(type.isReal()), type, numbers(real)));
    }
    long elements = Tensor.elements(shape);
    if (elements > MAX_ARRAY) {
      throw new ModelFileException(
          file,
          "the tensor %s has %d elements; the largest that can be read has %d"
              .formatted(shown(name), elements, MAX_ARRAY));
    }
    return (int) elements;
  }

  private static String numbers(boolean real) {
    return real ? "real numbers" : "whole numbers";
  }
}
