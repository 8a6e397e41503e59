package dev.sluice.io.pytorch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A zip file put together by hand, with whatever lies its directory should tell. */
final class ZipBytes {
  private static final int STORED = 0;

  private final ByteArrayOutputStream local = new ByteArrayOutputStream();
  private final ByteArrayOutputStream central = new ByteArrayOutputStream();
  private int entries;
  private long gap;

  /** The file of a pickle and, as "0" and so on, its storages. */
  static byte[] torch(byte[] pickle, byte[]... storages) {
    ZipBytes zip = new ZipBytes().add("model/data.pkl", pickle);
    for (int i = 0; i < storages.length; i++) {
      zip.add("model/data/" + i, storages[i]);
    }
    return zip.done();
  }

  /** An honest entry. */
  ZipBytes add(String name, byte[] content) {
    return list(name, STORED, content.length, content.length, append(name, content));
  }

  /**
   * Counts as if so many bytes stood before all that follows; the caller puts them into the file.
   *
   * @return where they are to be put
   */
  int gap(long bytes) {
    gap = bytes;
    return local.size();
  }

  /** The content of an entry that the directory does not list; where it is. */
  long append(String name, byte[] content) {
    long offset = gap + local.size();
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    local.writeBytes(content(little(30).putInt(0x04034b50).putShort(26, (short) utf8.length)));
    local.writeBytes(utf8);
    local.writeBytes(content);
    return offset;
  }

  /** An entry of the directory alone, all its numbers in ZIP64's extra field when one is large. */
  ZipBytes list(String name, int method, long stored, long size, long offset) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    boolean wide = ((stored | size | offset) & ~0x7fff_ffffL) != 0;
    ByteBuffer header = little(46).putInt(0x02014b50);
    header.putShort(10, (short) method);
    header.putInt(20, wide ? -1 : (int) stored).putInt(24, wide ? -1 : (int) size);
    header.putShort(28, (short) utf8.length).putShort(30, (short) (wide ? 28 : 0));
    header.putInt(42, wide ? -1 : (int) offset);
    central.writeBytes(content(header));
    central.writeBytes(utf8);
    if (wide) {
      ByteBuffer extra = little(28).putShort((short) 1).putShort((short) 24);
      central.writeBytes(content(extra.putLong(size).putLong(stored).putLong(offset)));
    }
    entries++;
    return this;
  }

  /** The file, with a ZIP64 directory too if there are more entries than fit without. */
  byte[] done() {
    return done(entries);
  }

  /** The file whose end claims {@code claimed} entries. */
  byte[] done(long claimed) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(local.toByteArray());
    all.writeBytes(central.toByteArray());
    boolean wide = claimed >= 0xffff || claimed < 0 || gap > 0;
    if (wide) {
      long end64 = gap + all.size();
      ByteBuffer end = little(56).putInt(0x06064b50);
      end.putLong(32, claimed).putLong(40, central.size()).putLong(48, gap + local.size());
      all.writeBytes(content(end));
      all.writeBytes(content(little(20).putInt(0x07064b50).putLong(8, end64)));
    }
    ByteBuffer end = little(22).putInt(0x06054b50);
    end.putShort(8, (short) (wide ? -1 : claimed)).putShort(10, (short) (wide ? -1 : claimed));
    end.putInt(12, central.size()).putInt(16, local.size());
    all.writeBytes(content(end));
    return all.toByteArray();
  }

  private static byte[] content(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
