package dev.sluice.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip file whose entries are stored as they are, each aligned as PyTorch does it, so that {@link
 * ZipArchive} and others can map them. Equal contents give equal bytes.
 */
public final class ZipWriter {
  /** Where the first byte of every entry is put, so that a mapped tensor is aligned. */
  private static final int ALIGNMENT = 64;

  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int EXTRA_HEADER_BYTES = 4;

  /**
   * Stands for no time at all, so that equal contents give equal bytes; the first moment of 1980
   * would make the JDK add a longer form of it, in the time zone of the machine.
   */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** Writes the content of an entry; twice, because its checksum comes first. */
  @FunctionalInterface
  public interface Content {
    /** Writes all bytes. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private final ZipOutputStream zip;
  private long written;

  /** Entries go to {@code out}, which somebody else closes. */
  public ZipWriter(OutputStream out) {
    this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
  }

  /** Adds an entry. */
  public void add(String name, byte[] content) throws IOException {
    add(name, content.length, channel -> channel.write(ByteBuffer.wrap(content)));
  }

  /**
   * Adds an entry.
   *
   * @param size how many bytes {@code content} writes
   */
  public void add(String name, long size, Content content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(checksum(content));
    entry.setTimeLocal(NO_TIME);
    byte[] padding = padding(entry.getName().length());
    entry.setExtra(padding);
    zip.putNextEntry(entry);
    content.writeTo(Channels.newChannel(zip));
    zip.closeEntry();
    written += LOCAL_HEADER_BYTES + entry.getName().length() + padding.length + size;
  }

  /** Writes the directory. */
  public void finish() throws IOException {
    zip.finish();
  }

  private static long checksum(Content content) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    content.writeTo(Channels.newChannel(checked));
    return checked.getChecksum().getValue();
  }

  /** An extra field of the header, as PyTorch pads it, that moves the content to the alignment. */
  private byte[] padding(int nameBytes) {
    long content = written + LOCAL_HEADER_BYTES + nameBytes + EXTRA_HEADER_BYTES;
    int fill = (int) Math.floorMod(-content, (long) ALIGNMENT);
    byte[] extra = new byte[EXTRA_HEADER_BYTES + fill];
    Arrays.fill(extra, (byte) 'Z');
    extra[0] = 'F';
    extra[1] = 'B';
    extra[2] = (byte) fill;
    extra[3] = 0;
    return extra;
  }
}
