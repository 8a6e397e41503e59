package dev.sluice.io;

/**
 * The element types of safetensors that Sluice reads, under the names the format gives them. All
 * are little-endian. BF16 is the upper half of an F32; BOOL is one byte, 0 or 1.
 */
public enum TensorType {
  F64(8, true),
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  I16(2, false),
  I8(1, false),
  U8(1, false),
  BOOL(1, false);

  private final int bytes;
  private final boolean real;

  TensorType(int bytes, boolean real) {
    this.bytes = bytes;
    this.real = real;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are floating-point numbers; the others are integers. */
  public boolean isReal() {
    return real;
  }
}
