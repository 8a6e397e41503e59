package dev.sluice.io.protobuf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one message of the wire format of protocol buffers, field by field, in the order of the calls.
 * Messages inside are built first and then added; large parts are kept as they are and not copied.
 */
public final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private final List<byte[]> parts = new ArrayList<>();
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream(); // what follows the parts
  private long partBytes;

  /** A field of type int32, int64, uint64, bool or enum. */
  public ProtoWriter varint(int field, long value) {
    tag(field, VARINT);
    writeVarint(value);
    return this;
  }

  /** A field of type float. */
  public ProtoWriter real(int field, float value) {
    return fixed32(field, Float.floatToRawIntBits(value));
  }

  /** A field of type double. */
  public ProtoWriter real64(int field, double value) {
    tag(field, FIXED_64);
    byte[] content = new byte[Double.BYTES];
    littleEndian(content).putDouble(value);
    tail.writeBytes(content);
    return this;
  }

  /** A field of type fixed32. */
  public ProtoWriter fixed32(int field, int value) {
    tag(field, FIXED_32);
    byte[] content = new byte[Integer.BYTES];
    littleEndian(content).putInt(value);
    tail.writeBytes(content);
    return this;
  }

  /** A field of type string. */
  public ProtoWriter string(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A field of type bytes; the array is not copied. */
  public ProtoWriter bytes(int field, byte[] content) {
    tag(field, BYTES);
    writeVarint(content.length);
    append(content);
    return this;
  }

  /** A field of type bytes that holds floats, little-endian. */
  public ProtoWriter floatBytes(int field, float[] values) {
    byte[] content = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    littleEndian(content).asFloatBuffer().put(values);
    return bytes(field, content);
  }

  /** A field of type bytes that holds whole numbers of eight bytes, little-endian. */
  public ProtoWriter longBytes(int field, long... values) {
    byte[] content = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    littleEndian(content).asLongBuffer().put(values);
    return bytes(field, content);
  }

  /** A field that is itself a message, complete as it is. */
  public ProtoWriter message(int field, ProtoWriter message) {
    tag(field, BYTES);
    writeVarint(message.size());
    message.parts.forEach(this::append);
    append(message.tail.toByteArray());
    return this;
  }

  /** Bytes of the message. */
  public long size() {
    return partBytes + tail.size();
  }

  /** Writes the message. */
  public void writeTo(OutputStream out) throws IOException {
    for (byte[] part : parts) {
      out.write(part);
    }
    tail.writeTo(out);
  }

  private void append(byte[] content) {
    if (tail.size() + (long) content.length <= 1024) {
      tail.writeBytes(content); // so that small messages are few parts
      return;
    }
    byte[] before = tail.toByteArray();
    tail.reset();
    parts.add(before);
    parts.add(content);
    partBytes += before.length + (long) content.length;
  }

  private void tag(int field, int wireType) {
    writeVarint(((long) field << 3) | wireType);
  }

  private void writeVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      tail.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    tail.write((int) rest);
  }

  private static ByteBuffer littleEndian(byte[] content) {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }
}
