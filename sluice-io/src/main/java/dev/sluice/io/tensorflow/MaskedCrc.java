package dev.sluice.io.tensorflow;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * The checksums in checkpoints and event files: CRC-32C, turned and moved so that a checksum of
 * checksums is one too.
 */
final class MaskedCrc {
  /** How many bytes a buffer can show at once. */
  private static final long CHUNK = 1 << 30;

  private static final int DELTA = 0xa282ead8;

  private MaskedCrc() {}

  static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      crc.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
    return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
  }
}
