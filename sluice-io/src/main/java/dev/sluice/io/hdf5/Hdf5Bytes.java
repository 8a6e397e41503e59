package dev.sluice.io.hdf5;

import dev.sluice.io.ModelFileException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The bytes of an HDF5 file, handed out in parts that are proved to be inside.
 *
 * <p>Structures of HDF5 point to each other, so a hostile file can point a million times to one place, or
 * in a circle. In an honest file everything is read about once: what is read in all is limited to a
 * multiple of the file, and with that time and memory are.
 */
final class Hdf5Bytes {
  private static final long TIMES_THE_FILE = 16;
  private static final long FIXED_BYTES = 1 << 16;

  private final Path file;
  private final MemorySegment bytes;
  private final GlobalHeaps heaps = new GlobalHeaps(this);
  private long left;

  Hdf5Bytes(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
    this.left = FIXED_BYTES + TIMES_THE_FILE * bytes.byteSize();
  }

  Path file() {
    return file;
  }

  GlobalHeaps heaps() {
    return heaps;
  }

  long size() {
    return bytes.byteSize();
  }

  /**
   * A part to be read.
   *
   * @param what it is, for messages: {@code object header}
   * @throws ModelFileException when it is not inside of the file
   */
  Hdf5Input part(String what, long address, long size) {
    return new Hdf5Input(this, what, address, segment(what, address, size));
  }

  /** The bytes of a part. */
  MemorySegment segment(String what, long address, long size) {
    if (address < 0 || size < 0 || address > size() || size > size() - address) {
      throw damaged(
          "%s of %s bytes at byte %s is not inside of its %d bytes",
          what, Long.toUnsignedString(size), Long.toUnsignedString(address), size());
    }
    take(size);
    return bytes.asSlice(address, size);
  }

  /** Counts {@code size} bytes as read. */
  void take(long size) {
    left -= size;
    if (left < 0) {
      throw damaged(
          "more than %d times its size is to be read, so its parts overlap or go in a circle",
          TIMES_THE_FILE);
    }
  }

  /** The file is not as the format wants it. */
  ModelFileException damaged(String problem, Object... arguments) {
    return new ModelFileException(
        file, "HDF5: " + problem.formatted(arguments) + "; the file is damaged or was cut short");
  }

  /** The file may be good, but holds what Keras never writes. */
  ModelFileException unsupported(String problem, Object... arguments) {
    return new ModelFileException(
        file,
        "HDF5: "
            + problem.formatted(arguments)
            + ", which Keras never writes and is not read here; load the model in Keras and save it"
            + " anew");
  }
}
