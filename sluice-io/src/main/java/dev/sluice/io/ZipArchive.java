package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The entries of a zip file in mapped memory, as windows of it: the JDK's own reader gives streams,
 * which would copy every tensor. Only entries that are stored as they are, as PyTorch and Keras
 * store all that matters, can be read; nothing is ever decompressed, so there is no bomb to fear.
 * ZIP64 is understood.
 *
 * <p>The checksums are not compared: PyTorch can be told to leave them wrong, and to add up a
 * gigabyte would take longer than to map it.
 */
public final class ZipArchive {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int LOCATOR64_SIGNATURE = 0x07064b50;
  private static final int LOCATOR64_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;

  /** Values that say: the number is too large for this field, see the ZIP64 record. */
  private static final int IN_ZIP64_SHORT = 0xffff;

  private static final long IN_ZIP64_INT = 0xffff_ffffL;
  private static final int ZIP64_EXTRA = 1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What the directory says of an entry; nothing is believed before it is read. */
  private record Entry(String name, int flags, int method, long stored, long size, long offset) {}

  /** Where the directory is. */
  private record Directory(long entries, long offset, long bytes) {}

  private final Path file;
  private final String framework;
  private final MemorySegment bytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * Reads the directory at the end of {@code bytes}.
   *
   * @param framework which wrote the file, for messages
   * @throws ModelFileException when it is damaged or lists a name twice
   */
  public ZipArchive(Path file, MemorySegment bytes, String framework) {
    this.file = file;
    this.framework = framework;
    this.bytes = bytes;
    Directory directory = directory();
    long at = directory.offset;
    long end = directory.offset + directory.bytes;
    for (long i = 0; i < directory.entries; i++) {
      if (end - at < CENTRAL_BYTES || int4(at) != CENTRAL_SIGNATURE) {
        throw damaged("the zip directory breaks off at entry %d of %d", i, directory.entries);
      }
      int nameBytes = short2(at + 28);
      int extraBytes = short2(at + 30);
      long next = at + CENTRAL_BYTES + nameBytes + extraBytes + short2(at + 32);
      if (next > end) {
        throw damaged("the zip directory breaks off at entry %d of %d", i, directory.entries);
      }
      add(entry(at, nameBytes, extraBytes));
      at = next;
    }
  }

  /** Whether {@code bytes} begin as a zip file does. */
  public static boolean is(MemorySegment bytes) {
    return bytes.byteSize() >= Integer.BYTES && bytes.get(INT, 0) == LOCAL_SIGNATURE;
  }

  /** The names of the entries, in the order of the directory. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /**
   * The bytes of the entry of that name, if there is one.
   *
   * @throws ModelFileException when it is compressed, or not where the directory says
   */
  public Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(entries.get(name)).map(this::content);
  }

  private MemorySegment content(Entry entry) {
    String shown = shown(entry.name);
    if (entry.method != 0 || (entry.flags & 1) != 0) {
      throw new ModelFileException(
          file,
          ("the entry %s is compressed or encrypted, which %s never does; was the file zipped"
                  + " again? load it in %s and save it anew")
              .formatted(shown, framework, framework));
    }
    if (entry.stored != entry.size) {
      throw damaged(
          "the entry %s is stored as it is, yet as %d bytes that become %d",
          shown, entry.stored, entry.size);
    }
    long header = entry.offset;
    if (header < 0 || header > bytes.byteSize() - LOCAL_BYTES || int4(header) != LOCAL_SIGNATURE) {
      throw damaged("the entry %s is not at byte %d, where it should be", shown, header);
    }
    int nameBytes = short2(header + 26);
    long begin = header + LOCAL_BYTES + nameBytes + short2(header + 28);
    if (begin > bytes.byteSize() || !text(header + LOCAL_BYTES, nameBytes).equals(entry.name)) {
      throw damaged("another entry is at byte %d, where %s should be", header, shown);
    }
    if (entry.size < 0 || entry.size > bytes.byteSize() - begin) {
      throw damaged(
          "the entry %s of %s bytes at byte %d does not fit in the file's %d",
          shown, Long.toUnsignedString(entry.size), begin, bytes.byteSize());
    }
    return bytes.asSlice(begin, entry.size);
  }

  private void add(Entry entry) {
    if (entries.put(entry.name, entry) != null) {
      throw damaged("the zip directory has two entries %s", shown(entry.name));
    }
  }

  private Entry entry(long at, int nameBytes, int extraBytes) {
    String name = text(at + CENTRAL_BYTES, nameBytes);
    long stored = unsigned4(at + 20);
    long size = unsigned4(at + 24);
    long offset = unsigned4(at + 42);
    long wide = zip64(at + CENTRAL_BYTES + nameBytes, extraBytes);
    if (size == IN_ZIP64_INT) {
      size = long8(wide);
      wide += Long.BYTES;
    }
    if (stored == IN_ZIP64_INT) {
      stored = long8(wide);
      wide += Long.BYTES;
    }
    if (offset == IN_ZIP64_INT) {
      offset = long8(wide);
    }
    return new Entry(name, short2(at + 8), short2(at + 10), stored, size, offset);
  }

  /** Where among the extra fields the wide numbers begin, or the end of the file. */
  private long zip64(long extra, int extraBytes) {
    long at = extra;
    while (at + 2 * Short.BYTES <= extra + extraBytes) {
      if (short2(at) == ZIP64_EXTRA) {
        return at + 2 * Short.BYTES;
      }
      at += 2 * Short.BYTES + short2(at + Short.BYTES);
    }
    return bytes.byteSize();
  }

  private Directory directory() {
    long end = end();
    Directory directory = new Directory(short2(end + 10), unsigned4(end + 16), unsigned4(end + 12));
    boolean wide =
        directory.entries == IN_ZIP64_SHORT
            || directory.offset == IN_ZIP64_INT
            || directory.bytes == IN_ZIP64_INT;
    long locator = end - LOCATOR64_BYTES;
    if (wide && locator >= 0 && int4(locator) == LOCATOR64_SIGNATURE) {
      long end64 = long8(locator + 8);
      if (end64 < 0 || end64 > locator - END64_BYTES || int4(end64) != END64_SIGNATURE) {
        throw damaged("the ZIP64 directory is not at byte %d, where it should be", end64);
      }
      directory = new Directory(long8(end64 + 32), long8(end64 + 48), long8(end64 + 40));
    }
    if (directory.entries < 0
        || directory.offset < 0
        || directory.bytes < 0
        || directory.offset > end
        || directory.bytes > end - directory.offset) {
      throw damaged("the zip directory is not where the end of the file says");
    }
    return directory;
  }

  /** Where the record is that ends the file, before a comment perhaps. */
  private long end() {
    long last = bytes.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (int4(at) == END_SIGNATURE && short2(at + 20) == last - at) {
        return at;
      }
    }
    throw new ModelFileException(
        file,
        "is a zip file without a directory at its end; it was cut short, copy or download it"
            + " again");
  }

  private ModelFileException damaged(String problem, Object... arguments) {
    return new ModelFileException(file, problem.formatted(arguments) + "; the file is damaged");
  }

  private String text(long at, int length) {
    requireInside(at, length);
    byte[] utf8 = bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private int short2(long at) {
    requireInside(at, Short.BYTES);
    return Short.toUnsignedInt(bytes.get(SHORT, at));
  }

  private int int4(long at) {
    requireInside(at, Integer.BYTES);
    return bytes.get(INT, at);
  }

  private long unsigned4(long at) {
    return Integer.toUnsignedLong(int4(at));
  }

  private long long8(long at) {
    requireInside(at, Long.BYTES);
    return bytes.get(LONG, at);
  }

  private void requireInside(long at, int length) {
    if (at < 0 || length > bytes.byteSize() - at) {
      throw damaged("the zip directory points to byte %d, beyond the end", at);
    }
  }
}
