package dev.sluice.io.pytorch;

import dev.sluice.io.ModelFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of one or more pickles, read in order: numbers are little-endian, every length is
 * compared with what is left, and errors name the place. It knows nothing of what opcodes mean.
 */
final class PickleInput {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int LONGEST_TEXT = Integer.MAX_VALUE - 8;

  private final Path file;
  private final String where;
  private final MemorySegment bytes;
  private long next;
  private long opcodeAt;

  /**
   * Reads {@code bytes} from the first on.
   *
   * @param where after "byte 34" in errors: {@code " of data.pkl"}, or nothing for the file itself
   */
  PickleInput(Path file, String where, MemorySegment bytes) {
    this.file = file;
    this.where = where;
    this.bytes = bytes;
  }

  /** The number of the byte that is read next. */
  long position() {
    return next;
  }

  long size() {
    return bytes.byteSize();
  }

  /** The next byte, which is an opcode: errors name its place until the next one is read. */
  int opcode() {
    opcodeAt = next;
    return byte1();
  }

  int byte1() {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, take(1)));
  }

  int short2() {
    return byte1() | (byte1() << 8);
  }

  int int4() {
    return bytes.get(INT, take(Integer.BYTES));
  }

  long unsigned4() {
    return Integer.toUnsignedLong(int4());
  }

  long long8() {
    return bytes.get(LONG, take(Long.BYTES));
  }

  void skip(long length) {
    take(length);
  }

  /** A little-endian integer in two's complement, of at most 8 bytes. */
  long integer(int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) byte1() << (8 * i);
    }
    int unused = Long.SIZE - 8 * length;
    return length == 0 ? 0 : (value << unused) >> unused;
  }

  String text(long length) {
    long at = take(length);
    if (length > LONGEST_TEXT) {
      throw malformed("holds a text of %d bytes".formatted(length));
    }
    byte[] utf8 = new byte[(int) length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, utf8, 0, utf8.length);
    String text = new String(utf8, StandardCharsets.UTF_8);
    // What is not UTF-8 has become this character, unless it was there before.
    if (text.indexOf('\ufffd') >= 0
        && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
      throw malformed("holds text that is not UTF-8");
    }
    return text;
  }

  /** Text up to a line end, which is not part of it. */
  String line() {
    long end = next;
    while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      end++;
    }
    String line = text(end - next);
    take(1);
    return line;
  }

  /** What stands at the opcode read last makes no sense. */
  ModelFileException malformed(String problem) {
    return refused(problem + " " + place() + "; the file is damaged or not made by torch.save");
  }

  /** {@code problem}, which names its own cause. */
  ModelFileException refused(String problem) {
    return new ModelFileException(file, problem);
  }

  /** Where the opcode read last stands. */
  String place() {
    return "(byte %d%s)".formatted(opcodeAt, where);
  }

  private long take(long length) {
    if (length < 0 || length > bytes.byteSize() - next) {
      throw refused(
          "the pickle breaks off %s; the file was cut short or is damaged".formatted(place()));
    }
    long at = next;
    next += length;
    return at;
  }
}
