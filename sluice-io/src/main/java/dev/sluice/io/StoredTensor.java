package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.SafetensorsHeader.Entry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor in an open {@link SafetensorsFile}: its name, type and shape, and its values converted
 * to a new array each time they are asked for, row-major. Valid until the file is closed.
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
  private final Entry entry;
  private final MemorySegment bytes;

  StoredTensor(Path file, Entry entry, MemorySegment bytes) {
    this.file = file;
    this.entry = entry;
    this.bytes = bytes;
  }

  public String name() {
    return entry.name();
  }

  public TensorType type() {
    return entry.type();
  }

  /** Sizes from the slowest to the fastest dimension; empty for a single number. */
  public List<Integer> shape() {
    return entry.shape();
  }

  /**
   * The values of an F32, F64, F16 or BF16 tensor; F64 is rounded to the nearest float, the others
   * are exact.
   *
   * @throws ModelFileException when it holds integers, or more values than an array can
   */
  public float[] floats() {
    float[] values = new float[count(true)];
    if (type() == TensorType.F32) {
      MemorySegment.copy(bytes, F32, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) real(i);
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
      values[i] = real(i);
    }
    return values;
  }

  /**
   * The values of an I64, I32, U8 or BOOL (0 or 1) tensor.
   *
   * @throws ModelFileException when it holds real numbers, or more values than an array can
   */
  public long[] longs() {
    long[] values = new long[count(false)];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(i);
    }
    return values;
  }

  private double real(long i) {
    return switch (type()) {
      case F64 -> bytes.getAtIndex(F64, i);
      case F32 -> bytes.getAtIndex(F32, i);
      case F16 -> Float.float16ToFloat(bytes.getAtIndex(BITS16, i));
      case BF16 -> Float.intBitsToFloat(bytes.getAtIndex(BITS16, i) << 16);
      default -> throw new IllegalStateException(type().name());
    };
  }

  private long integer(long i) {
    return switch (type()) {
      case I64 -> bytes.getAtIndex(I64, i);
      case I32 -> bytes.getAtIndex(I32, i);
      case U8, BOOL -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, i));
      default -> throw new IllegalStateException(type().name());
    };
  }

  /** The number of values, once they are known to be of the kind asked for and to fit an array. */
  private int count(boolean real) {
    if (type().isReal() != real) {
      throw new ModelFileException(
          file,
          "the tensor %s holds %s (%s), but %s are needed here; is it another model's file?"
              .formatted(shown(name()), numbers(type().isReal()), type(), numbers(real)));
    }
    long elements = bytes.byteSize() / type().bytes();
    if (elements > MAX_ARRAY) {
      throw new ModelFileException(
          file,
          "the tensor %s has %d elements; the largest that can be read has %d"
              .formatted(shown(name()), elements, MAX_ARRAY));
    }
    return (int) elements;
  }

  private static String numbers(boolean real) {
    return real ? "real numbers" : "whole numbers";
  }
}
