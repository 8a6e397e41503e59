package dev.sluice.io.hdf5;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An HDF5 file open for reading: so much of the format as h5py uses for Keras, in all versions of it.
 * Arrays stand in one piece; chunks and compression, which Keras does not use, are refused.
 *
 * <p>It is written for files that are not trusted, which is why it is not a library: objects are read when
 * they are asked for, each once, and never in recursion; sizes are proved against the file before memory
 * is taken. The file is mapped, and arrays are copied to the heap when their numbers are asked for.
 *
 * @see <a href="https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html">the format</a>
 */
public final class Hdf5File implements AutoCloseable {
  private static final byte[] SIGNATURE =
      "\u0089HDF\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);

  private final Arena arena;
  private final Hdf5Bytes bytes;
  private final Map<Long, Hdf5Group> groups = new HashMap<>();
  private final Hdf5Group root;

  private Hdf5File(Path file, MemorySegment mapped, Arena arena) {
    this.arena = arena;
    this.bytes = new Hdf5Bytes(file, mapped);
    if (!is(mapped)) {
      throw new ModelFileException(
          file, "does not begin as an HDF5 file does; is it one, and whole?");
    }
    this.root = group(rootAddress());
  }

  /**
   * Opens {@code file}.
   *
   * @throws ModelFileException when it is missing, unreadable, damaged, or no HDF5 file
   */
  public static Hdf5File open(Path file) {
    Arena arena = Arena.ofConfined();
    try {
      return new Hdf5File(file, TensorFile.map(file, "HDF5 file", arena), arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Opens an HDF5 file that is a part of {@code file}, and whose memory somebody else releases.
   *
   * @throws ModelFileException as {@link #open}
   */
  public static Hdf5File of(Path file, MemorySegment part) {
    return new Hdf5File(file, part, Arena.ofConfined());
  }

  /** Whether {@code bytes} begin as an HDF5 file does. */
  public static boolean is(MemorySegment bytes) {
    return bytes.byteSize() >= SIGNATURE.length
        && bytes.asSlice(0, SIGNATURE.length).mismatch(MemorySegment.ofArray(SIGNATURE)) < 0;
  }

  /** The group in which all others are. */
  public Hdf5Group root() {
    return root;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** The group whose header is at {@code address}; each is read once, however many links lead to it. */
  Hdf5Group group(long address) {
    Hdf5Group known = groups.get(address);
    if (known != null) {
      return known;
    }
    Hdf5Group group = new Hdf5Group(this, bytes, new ObjectHeader(bytes, address));
    groups.put(address, group);
    return group;
  }

  private long rootAddress() {
    Hdf5Input in = bytes.part("superblock", SIGNATURE.length, Math.min(88, bytes.size() - 8));
    int version = in.byte1();
    if (version > 3) {
      throw bytes.damaged("the superblock is of version %d, and 3 is the last known", version);
    }
    boolean old = version < 2;
    in.skip(old ? 4 : 0);
    int offsetBytes = in.byte1();
    int lengthBytes = in.byte1();
    if (offsetBytes != Long.BYTES || lengthBytes != Long.BYTES) {
      throw bytes.unsupported("addresses have %d bytes and lengths %d", offsetBytes, lengthBytes);
    }
    in.skip(old ? 9 + 4 * version : 1);
    long base = in.long8();
    if (base != 0) {
      throw bytes.unsupported("its data begins at byte %d", base);
    }
    in.skip(old ? 3 * 8 + 8 : 2 * 8); // other addresses; in the old format the name of the root
    return in.long8();
  }
}
