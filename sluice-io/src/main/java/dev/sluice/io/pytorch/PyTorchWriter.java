package dev.sluice.io.pytorch;

import dev.sluice.io.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes float tensors as a state dict that {@code torch.load} reads, in the format of PyTorch 1.6
 * and later: {@code model.load_state_dict(torch.load(file))}. Equal tensors give equal bytes. It
 * writes the file in place; for all or nothing, write inside an {@link
 * dev.sluice.io.AtomicDirectory}.
 */
public final class PyTorchWriter {
  private static final String FOLDER = "archive/";

  /** Where PyTorch puts the first byte of every entry, so that a mapped tensor is aligned. */
  private static final int ALIGNMENT = 64;

  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int EXTRA_HEADER_BYTES = 4;

  /**
   * Stands for no time at all, so that equal tensors give equal bytes; the first moment of 1980
   * would make the JDK add a longer form of it, in the time zone of the machine.
   */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** Writes the content of an entry; twice, because its checksum comes first. */
  @FunctionalInterface
  private interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private final ZipOutputStream zip;
  private long written;

  private PyTorchWriter(OutputStream out) {
    this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
  }

  /**
   * Writes {@code tensors} to {@code file}, replacing what it holds.
   *
   * @throws IllegalArgumentException when two tensors share a name
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, List<Tensor> tensors) throws IOException {
    Tensor.requireDistinctNames(tensors);
    try (OutputStream out = Files.newOutputStream(file)) {
      PyTorchWriter writer = new PyTorchWriter(out);
      writer.add("data.pkl", StateDictPickle.of(tensors));
      writer.add("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < tensors.size(); i++) {
        Tensor tensor = tensors.get(i);
        writer.add("data/" + i, (long) tensor.data().length * Float.BYTES, tensor::writeTo);
      }
      writer.add("version", "3\n".getBytes(StandardCharsets.US_ASCII));
      writer.zip.finish();
    }
  }

  private void add(String name, byte[] content) throws IOException {
    add(name, content.length, channel -> channel.write(ByteBuffer.wrap(content)));
  }

  private void add(String name, long size, Content content) throws IOException {
    ZipEntry entry = new ZipEntry(FOLDER + name);
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
