package dev.sluice.io.protobuf;

import dev.sluice.io.ModelFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private final long start; // of bytes, in the file
  private final int depth;

  private long position;
  private long fieldStart;
  private int field;
  private int wireType;
  private long number; // the value, unless it is bytes
  private MemorySegment window = MemorySegment.NULL; // the value, when it is bytes

  private ProtoReader(Path file, MemorySegment bytes, long start, int depth) {
    this.file = file;
    this.bytes = bytes;
    this.start = start;
    this.depth = depth;
  }

  /**
   * Reads the message that fills {@code bytes}.
   *
   * @param file named in errors
   * @param start where in the file the bytes begin, for errors
   */
  public static ProtoReader of(Path file, MemorySegment bytes, long start) {
    return new ProtoReader(file, bytes, start, 1);
  }

  /** Goes to the next field, past the value of the one before; false at the end of the message. */
  public boolean next() {
    if (position == bytes.byteSize()) {
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
      case FIXED_64 -> number = take(Long.BYTES).get(LONG, 0);
      case FIXED_32 -> number = take(Integer.BYTES).get(INT, 0);
      case BYTES -> window = take(readVarint());
      default -> throw damaged("field %d has the unknown wire type %d".formatted(field, wireType));
    }
    return true;
  }

  /** The number of the field that {@link #next} went to. */
  public int field() {
    return field;
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
    return window;
  }

  /** A field of type string. */
  public String string() {
    byte[] utf8 = bytes().toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw damaged("the text in field %d is not UTF-8".formatted(field));
    }
  }

  /** A field that is itself a message. */
  public ProtoReader message() {
    MemorySegment message = bytes();
    if (depth == MAX_DEPTH) {
      throw damaged("messages are nested more than %d deep".formatted(MAX_DEPTH));
    }
    return new ProtoReader(file, message, start + position - message.byteSize(), depth + 1);
  }

  /** The varints of a repeated field that is packed, or one of one that is not. */
  public void varints(LongConsumer each) {
    if (wireType == VARINT) {
      each.accept(number);
      return;
    }
    ProtoReader packed = packed("whole numbers", 1);
    while (packed.position < packed.bytes.byteSize()) {
      each.accept(packed.readVarint());
    }
  }

  /** The same for type float. */
  public void floats(DoubleConsumer each) {
    if (wireType == FIXED_32) {
      each.accept(real());
      return;
    }
    MemorySegment values = packed("floats", Float.BYTES).bytes;
    for (long at = 0; at < values.byteSize(); at += Float.BYTES) {
      each.accept(Float.intBitsToFloat(values.get(INT, at)));
    }
  }

  /** The same for type double. */
  public void doubles(DoubleConsumer each) {
    if (wireType == FIXED_64) {
      each.accept(Double.longBitsToDouble(number));
      return;
    }
    MemorySegment values = packed("doubles", Double.BYTES).bytes;
    for (long at = 0; at < values.byteSize(); at += Double.BYTES) {
      each.accept(Double.longBitsToDouble(values.get(LONG, at)));
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
            .formatted(problem, start + fieldStart));
  }

  private ProtoReader packed(String what, int size) {
    require(BYTES, what);
    if (window.byteSize() % size != 0) {
      throw damaged(
          "field %d has %d bytes of %s, which take %d each"
              .formatted(field, window.byteSize(), what, size));
    }
    ProtoReader packed = new ProtoReader(file, window, start + position - window.byteSize(), depth);
    return packed;
  }

  private void require(int expected, String what) {
    if (wireType != expected) {
      throw damaged(
          "field %d was to hold %s, but has wire type %d".formatted(field, what, wireType));
    }
  }

  private MemorySegment take(long length) {
    long left = bytes.byteSize() - position;
    if (length < 0 || length > left) {
      throw damaged(
          "a field of %s bytes does not fit in the %d that follow"
              .formatted(Long.toUnsignedString(length), left));
    }
    MemorySegment taken = bytes.asSlice(position, length);
    position += length;
    return taken;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == bytes.byteSize()) {
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
