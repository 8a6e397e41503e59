package dev.sluice.io.tensorflow;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A sorted table of strings, in the format of LevelDB: what the {@code .index} of a checkpoint is.
 *
 * <pre>
 *   file    blocks, then 48 bytes: where the index block is, and a magic number
 *   block   entries, places to restart from, their number; 1 byte compression, 4 bytes checksum
 *   entry   bytes shared with the key before, bytes of its own, bytes of the value; key; value
 *   index   for each block its last key, and where it is
 * </pre>
 *
 * <p>Keys are bytes; here each is a text of as many characters. Every checksum is proved. TensorFlow does not compress its blocks; one that is compressed is refused.
 */
final class SortedTable {
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Keys share their beginnings, so they are longer than the file; but not without end. */
  private static final long MOST_KEY_BYTES_PER_BYTE = 16;

  private final Path file;
  private final MemorySegment bytes;
  private long keyBytes;
  private long covered; // by blocks that were read

  private SortedTable(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** Whether a file ends as a table does. */
  static boolean isTable(MemorySegment bytes) {
    long size = bytes.byteSize();
    return size >= FOOTER_BYTES && bytes.get(LONG, size - Long.BYTES) == MAGIC;
  }

  /**
   * The entries of a table, in their order.
   *
   * @throws ModelFileException when it is damaged, or no table
   */
  static SequencedMap<String, MemorySegment> read(Path file, MemorySegment bytes) {
    if (!isTable(bytes)) {
      throw new ModelFileException(
          file, "does not end as an index does; it was cut short, or is of another kind");
    }
    return new SortedTable(file, bytes).read();
  }

  private SequencedMap<String, MemorySegment> read() {
    Cursor footer = new Cursor(bytes.asSlice(bytes.byteSize() - FOOTER_BYTES), 0);
    footer.varint(); // of the meta index, which is not used
    footer.varint();
    SequencedMap<String, MemorySegment> blocks = new LinkedHashMap<>();
    readBlock(footer, blocks);
    covered = 0;
    SequencedMap<String, MemorySegment> entries = new LinkedHashMap<>();
    blocks.values().forEach(place -> readBlock(new Cursor(place, 0), entries));
    return entries;
  }

  /** Adds the entries of the block whose place is at {@code place}. */
  private void readBlock(Cursor place, SequencedMap<String, MemorySegment> entries) {
    long offset = place.varint();
    long size = place.varint();
    MemorySegment block = block(offset, size);
    long restarts = size < Integer.BYTES ? -1 : block.get(INT, size - Integer.BYTES);
    long end = size - Integer.BYTES * (restarts + 1);
    if (restarts < 0 || end < 0) {
      throw damaged("has no room for its %d restarts".formatted(restarts), offset);
    }
    Cursor in = new Cursor(block.asSlice(0, end), offset);
    byte[] key = {};
    while (!in.isAtEnd()) {
      long shared = in.varint();
      long own = in.varint();
      long value = in.varint();
      if (shared < 0 || shared > key.length) {
        throw damaged(
            "has a key that shares %d bytes with one of %d".formatted(shared, key.length), offset);
      }
      byte[] rest = in.take(own).toArray(ValueLayout.JAVA_BYTE);
      byte[] next = Arrays.copyOf(key, (int) shared + rest.length);
      System.arraycopy(rest, 0, next, (int) shared, rest.length);
      key = next;
      keyBytes += key.length;
      if (keyBytes > MOST_KEY_BYTES_PER_BYTE * bytes.byteSize()) {
        throw damaged("has keys far longer than the file", offset);
      }
      String name = new String(key, StandardCharsets.ISO_8859_1);
      if (entries.putIfAbsent(name, in.take(value)) != null) {
        throw damaged("has the key %s twice".formatted(shown(name)), offset);
      }
    }
  }

  private MemorySegment block(long offset, long size) {
    long room = bytes.byteSize() - FOOTER_BYTES - TRAILER_BYTES;
    if (offset < 0 || size < 0 || size > room || offset > room - size) {
      throw damaged("of %d bytes is not inside of the file".formatted(size), offset);
    }
    if (offset < covered) {
      throw damaged("begins in the block before it", offset);
    }
    covered = offset + size;
    if (MaskedCrc.of(bytes.asSlice(offset, size + 1)) != bytes.get(INT, offset + size + 1)) {
      throw damaged("has another checksum than when it was written", offset);
    }
    if (bytes.get(ValueLayout.JAVA_BYTE, offset + size) != 0) {
      throw damaged("is compressed, which TensorFlow does not do", offset);
    }
    return bytes.asSlice(offset, size);
  }

  private ModelFileException damaged(String problem, long offset) {
    return new ModelFileException(
        file, "the block at byte %d %s; the file is damaged".formatted(offset, problem));
  }

  /** A place in a block. */
  private final class Cursor {
    private final MemorySegment block;
    private final long offset; // of the block, for messages
    private long position;

    Cursor(MemorySegment block, long offset) {
      this.block = block;
      this.offset = offset;
    }

    boolean isAtEnd() {
      return position == block.byteSize();
    }

    MemorySegment take(long length) {
      if (length < 0 || length > block.byteSize() - position) {
        throw damaged(
            "has an entry of %d bytes where %d are left"
                .formatted(length, block.byteSize() - position),
            offset);
      }
      position += length;
      return block.asSlice(position - length, length);
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE; shift += 7) {
        if (isAtEnd()) {
          throw damaged("ends inside of a number", offset);
        }
        byte b = block.get(ValueLayout.JAVA_BYTE, position++);
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw damaged("has a number of more than 10 bytes", offset);
    }
  }
}
