package dev.sluice.io.protobuf;

import dev.sluice.io.ModelFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/**
 * Reads one message of the <a href="https://protobuf.dev/programming-guides/encoding/">wire format</a> of
 * protocol buffers, field by field, from a window of a file:
 *
 * <pre>
 *   while (in.next()) {
 *     switch (in.field()) {
 *       case 1 -&gt; name = in.string();
 *       case 2 -&gt; shapes.add(shape(in.message()));
 *       default -&gt; {}                               // unknown fields are skipped
 *     }
 *   }
 * </pre>
 *
 * <p>The file is not trusted: every length is checked against what is left before it is used, messages may
 * be nested {@value #MAX_DEPTH} deep, and nothing is allocated but what is asked for. It knows no schema: a
 * field that has another type than the caller asks for is an error, a missing one is the caller's affair.
 */
public final class ProtoReader {
  /** As in the runtimes of protocol buffers themselves. */
  private static final int MAX_DEPTH = 100;

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  /** Far more than a name has, and less than an array can. */
  private static final int MAX_TEXT = 1 << 28;

  /** What stands in a text for bytes that are none. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes; // with much else around this message
  private final int depth;

  private long position;
  private final long end;
  private long fieldStart;
  private int field;
  private int wireType;
  private long number; // the value, or the length of one that is bytes, which end at the position

  private ProtoReader(Path file, MemorySegment bytes, long position, long end, int depth) {
    this.file = file;
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.depth = depth;
    fieldStart = position;
  }

  /**
   * Reads the message that fills {@code bytes}.
   *
   * @param file whose bytes they are, named in errors
   */
  public static ProtoReader of(Path file, MemorySegment bytes) {
    return new ProtoReader(file, bytes, 0, bytes.byteSize(), 1);
  }

  /** Goes to the next field, past the value of the one before; false at the end of the message. */
  public boolean next() {
    if (position == end) {
      return false;
    }
    fieldStart = position;
    long tag = readVarint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw damaged("there is no field %s".formatted(Long.toUnsignedString(tag >>> 3)));
    }
    switch (wireType) {
      case VARINT -> number = readVarint();
      case FIXED_64 -> number = bytes.get(LONG, skip(Long.BYTES));
      case FIXED_32 -> number = bytes.get(INT, skip(Integer.BYTES));
      case BYTES -> {
        number = readVarint();
        skip(number);
      }
      default -> throw damaged("field %d has the unknown wire type %d".formatted(field, wireType));
    }
    return true;
  }

  /** The number of the field that {@link #next} went to. */
  public int field() {
    return field;
  }

  /** How the value of the field is encoded: 0 a varint, 1 eight bytes, 2 a length and bytes, 5 four bytes. */
  int wireType() {
    return wireType;
  }

  /** The value of a field that is not bytes, whatever its type. */
  long number() {
    return number;
  }

  /** A field of type int32, int64, uint64, bool or enum. */
  public long varint() {
    require(VARINT, "a whole number");
    return number;
  }

  /** A field of type bool. */
  public boolean bool() {
    return varint() != 0;
  }

  /** A field of type fixed32. */
  public int fixed32() {
    require(FIXED_32, "four bytes");
    return (int) number;
  }

  /** A field of type float. */
  public float real() {
    return Float.intBitsToFloat(fixed32());
  }

  /** A field of type bytes, as a window of the file. */
  public MemorySegment bytes() {
    require(BYTES, "bytes");
    return bytes.asSlice(position - number, number);
  }

  /** A field of type string. */
  public String string() {
    byte[] utf8 = array();
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0
        && !Arrays.equals(utf8, text.getBytes(StandardCharsets.UTF_8))) {
      throw damaged("the text in field %d is not UTF-8".formatted(field));
    }
    return text;
  }

  /** A field of type bytes as text; what is no UTF-8 is replaced. */
  public String text() {
    return new String(array(), StandardCharsets.UTF_8);
  }

  /** A field that is itself a message. */
  public ProtoReader message() {
    require(BYTES, "a message");
    if (depth == MAX_DEPTH) {
      throw damaged("messages are nested more than %d deep".formatted(MAX_DEPTH));
    }
    return new ProtoReader(file, bytes, position - number, position, depth + 1);
  }

  /** The varints of a repeated field that is packed, or one of one that is not. */
  public void varints(LongConsumer each) {
    if (wireType == VARINT) {
      each.accept(number);
      return;
    }
    ProtoReader packed = packed("whole numbers", 1);
    while (packed.position < packed.end) {
      each.accept(packed.readVarint());
    }
  }

  /** The same for type float. */
  public void floats(DoubleConsumer each) {
    if (wireType == FIXED_32) {
      each.accept(real());
      return;
    }
    ProtoReader packed = packed("floats", Float.BYTES);
    for (long at = packed.position; at < packed.end; at += Float.BYTES) {
      each.accept(Float.intBitsToFloat(bytes.get(INT, at)));
    }
  }

  /** The same for type double. */
  public void doubles(DoubleConsumer each) {
    if (wireType == FIXED_64) {
      each.accept(Double.longBitsToDouble(number));
      return;
    }
    ProtoReader packed = packed("doubles", Double.BYTES);
    for (long at = packed.position; at < packed.end; at += Double.BYTES) {
      each.accept(Double.longBitsToDouble(bytes.get(LONG, at)));
    }
  }

  /**
   * What is wrong with the field that {@link #next} went to, with its place in the file.
   *
   * @param problem what is wrong, without a likely cause
   */
  public ModelFileException damaged(String problem) {
    return new ModelFileException(
        file,
        "%s (byte %d); the file was cut short, is damaged, or is of another kind"
            .formatted(problem, fieldStart));
  }

  private ProtoReader packed(String what, int size) {
    require(BYTES, what);
    if (number % size != 0) {
      throw damaged(
          "field %d has %d bytes of %s, which take %d each".formatted(field, number, what, size));
    }
    return new ProtoReader(file, bytes, position - number, position, depth);
  }

  private byte[] array() {
    require(BYTES, "text");
    if (number > MAX_TEXT) {
      throw damaged("field %d holds a text of %d bytes".formatted(field, number));
    }
    byte[] array = new byte[(int) number];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position - number, array, 0, array.length);
    return array;
  }

  private void require(int expected, String what) {
    if (wireType != expected) {
      throw damaged(
          "field %d was to hold %s, but has wire type %d".formatted(field, what, wireType));
    }
  }

  /** Goes past the next bytes, and returns where they begin. */
  private long skip(long length) {
    long left = end - position;
    if (length < 0 || length > left) {
      throw damaged(
          "a field of %s bytes does not fit in the %d that follow"
              .formatted(Long.toUnsignedString(length), left));
    }
    position += length;
    return position - length;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == end) {
        throw damaged("a number has no end");
      }
      byte b = bytes.get(ValueLayout.JAVA_BYTE, position++);
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("a number is longer than 10 bytes");
  }
}
