package dev.sluice.io.hdf5;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads one part of an HDF5 file from its begin to its end; everything is little-endian. */
final class Hdf5Input {
  /** The address of what does not exist. */
  static final long UNDEFINED = -1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Hdf5Bytes file;
  private final String what;
  private final long address; // in the file
  private final MemorySegment bytes;
  private long at;

  Hdf5Input(Hdf5Bytes file, String what, long address, MemorySegment bytes) {
    this.file = file;
    this.what = what;
    this.address = address;
    this.bytes = bytes;
  }

  Hdf5Bytes file() {
    return file;
  }

  /** Where in the file the next byte is. */
  long address() {
    return address + at;
  }

  long left() {
    return bytes.byteSize() - at;
  }

  /** What it is and where, for messages. */
  String place() {
    return "%s at byte %d".formatted(what, address);
  }

  int byte1() {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, advance(1)));
  }

  int short2() {
    return Short.toUnsignedInt(bytes.get(SHORT, advance(Short.BYTES)));
  }

  long int4() {
    return Integer.toUnsignedLong(bytes.get(INT, advance(Integer.BYTES)));
  }

  /** An address or a size; one below 0 is beyond every file. */
  long long8() {
    return bytes.get(LONG, advance(Long.BYTES));
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  long number(int size) {
    return switch (size) {
      case 1 -> byte1();
      case 2 -> short2();
      case 4 -> int4();
      case 8 -> long8();
      default -> throw file.damaged("%s has a number of %d bytes", place(), size);
    };
  }

  void skip(long count) {
    advance(count);
  }

  /** The same part, to be read from its begin. */
  Hdf5Input restarted() {
    return new Hdf5Input(file, what, address, bytes);
  }

  /** Goes on at a multiple of {@code alignment} from the begin. */
  void align(int alignment) {
    skip(Math.min(left(), Math.floorMod(-at, alignment)));
  }

  /** The next {@code count} bytes, as a part of their own. */
  Hdf5Input part(String name, long count) {
    long from = advance(count);
    return new Hdf5Input(file, name, address + from, bytes.asSlice(from, count));
  }

  /** The bytes that are left. */
  MemorySegment rest() {
    return bytes.asSlice(at);
  }

  /** Text of a fixed size, to its first NUL. */
  String text(long size) {
    file.take(size);
    byte[] utf8 = bytes.asSlice(advance(size), size).toArray(ValueLayout.JAVA_BYTE);
    int length = 0;
    while (length < utf8.length && utf8[length] != 0) {
      length++;
    }
    return new String(utf8, 0, length, StandardCharsets.UTF_8);
  }

  /** Text that ends with a NUL, from {@code offset} on. */
  String textAt(long offset) {
    long end = offset;
    while (end >= 0 && end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
      file.take(1);
    }
    if (end < 0 || end >= bytes.byteSize()) {
      throw file.damaged("a name at %d of the %s has no end", offset, place());
    }
    byte[] utf8 = bytes.asSlice(offset, end - offset).toArray(ValueLayout.JAVA_BYTE);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Fails unless the next bytes are {@code signature}. */
  void require(String signature) {
    long from = address();
    if (left() < signature.length() || !text(signature.length()).equals(signature)) {
      throw file.damaged("no %s (%s) at byte %d", what, signature, from);
    }
  }

  private long advance(long count) {
    if (count < 0 || count > left()) {
      throw file.damaged("%s breaks off after %d bytes", place(), bytes.byteSize());
    }
    long from = at;
    at += count;
    return from;
  }
}
