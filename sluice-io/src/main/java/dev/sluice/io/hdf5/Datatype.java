package dev.sluice.io.hdf5;

import dev.sluice.io.TensorType;
import java.util.Optional;

/**
 * The type of the elements of an array or attribute.
 *
 * @param kind what they are
 * @param size bytes of one
 * @param number what type of number, if it is one that tensors have
 */
record Datatype(Kind kind, long size, Optional<TensorType> number) {
  /** What elements can be. */
  enum Kind {
    NUMBER,
    /** Of a fixed size, to the first NUL. */
    TEXT,
    /** A length, and where in a collection of objects the bytes are. */
    TEXT_ELSEWHERE,
    /** Bytes without a meaning; Keras 3 stores bfloat16 so. */
    OPAQUE,
    OTHER
  }

  private static final int BIG_ENDIAN = 1;
  private static final int SIGNED = 8;

  static Datatype read(Hdf5Input in) {
    int classAndVersion = in.byte1();
    int bits = in.byte1();
    in.skip(2);
    long size = in.int4();
    return switch (classAndVersion & 15) {
      case 0 -> number(size, (bits & BIG_ENDIAN) == 0 ? integer(in, size, bits) : Optional.empty());
      case 1 -> number(size, (bits & 0x41) == 0 ? real(in, size) : Optional.empty());
      case 3 -> new Datatype(Kind.TEXT, size, Optional.empty());
      case 5 -> new Datatype(Kind.OPAQUE, size, Optional.empty());
      case 9 ->
          new Datatype((bits & 15) == 1 ? Kind.TEXT_ELSEWHERE : Kind.OTHER, size, Optional.empty());
      default -> new Datatype(Kind.OTHER, size, Optional.empty());
    };
  }

  private static Datatype number(long size, Optional<TensorType> type) {
    return new Datatype(Kind.NUMBER, size, type);
  }

  private static Optional<TensorType> integer(Hdf5Input in, long size, int bits) {
    boolean whole = in.short2() == 0 && in.short2() == 8 * size;
    boolean signed = (bits & SIGNED) != 0;
    if (!whole || (!signed && size != 1)) {
      return Optional.empty();
    }
    return switch ((int) size) {
      case 1 -> Optional.of(signed ? TensorType.I8 : TensorType.U8);
      case 2 -> Optional.of(TensorType.I16);
      case 4 -> Optional.of(TensorType.I32);
      case 8 -> Optional.of(TensorType.I64);
      default -> Optional.empty();
    };
  }

  /** By the widths of exponent and fraction, those of IEEE. */
  private static Optional<TensorType> real(Hdf5Input in, long size) {
    in.skip(5); // offset and precision, where the exponent is
    int exponent = in.byte1();
    in.skip(1);
    int fraction = in.byte1();
    return switch ("%d: %d, %d".formatted(size, exponent, fraction)) {
      case "2: 5, 10" -> Optional.of(TensorType.F16);
      case "2: 8, 7" -> Optional.of(TensorType.BF16);
      case "4: 8, 23" -> Optional.of(TensorType.F32);
      case "8: 11, 52" -> Optional.of(TensorType.F64);
      default -> Optional.empty();
    };
  }
}
