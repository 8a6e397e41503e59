package dev.sluice.io.hdf5;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Little-endian numbers one after the other. */
final class Hdf5Output {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int offset;

  /** Empty; its first byte will be at {@code offset} of what it becomes a part of. */
  Hdf5Output(int offset) {
    this.offset = offset;
  }

  /** Where the next byte will be. */
  long address() {
    return (long) offset + bytes.size();
  }

  /** What was written, behind {@code before}. */
  byte[] bytes(byte... before) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(before);
    all.writeBytes(bytes.toByteArray());
    return all.toByteArray();
  }

  Hdf5Output byte1(int value) {
    bytes.write(value);
    return this;
  }

  Hdf5Output short2(int value) {
    return byte1(value).byte1(value >> 8);
  }

  Hdf5Output int4(int value) {
    return short2(value).short2(value >> 16);
  }

  Hdf5Output long8(long value) {
    return int4((int) value).int4((int) (value >> 32));
  }

  Hdf5Output text(String ascii) {
    return raw(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  Hdf5Output raw(byte... value) {
    bytes.writeBytes(value);
    return this;
  }

  Hdf5Output zeros(int count) {
    return raw(new byte[count]);
  }

  /** Goes on at a multiple of 8. */
  Hdf5Output align() {
    return zeros(Math.floorMod(-bytes.size(), 8));
  }
}
