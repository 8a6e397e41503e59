package dev.sluice.io.tensorflow;

import dev.sluice.io.AtomicFile;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Numbers of a run as TensorBoard reads them: a file of records, each an {@code Event} of {@code
 * event.proto} between checksums. It writes scalars; images, histograms and graphs it does not
 * know.
 *
 * <pre>
 *   uint64 length, masked CRC-32C of it, that many bytes, masked CRC-32C of them
 * </pre>
 *
 * <p>The file of a run that goes on begins with all that the run has told before, and takes the
 * place of the file that was there. Its first events are the version and the start of a session at
 * step 0, by which a TensorBoard that is open forgets what it has read and so shows no step twice.
 */
public final class EventFile {
  private static final String NAME = "events.out.tfevents.";
  private static final int SESSION_START = 1;

  private final Path file;
  private long length; // of what was written whole; more may be there when a disk was full

  private EventFile(Path file) {
    this.file = file;
  }

  /**
   * Numbers of one moment.
   *
   * @param wallTime seconds since 1970
   * @param step in the optimizer's steps
   * @param values by tag, such as {@code loss/train}
   */
  public record Scalars(double wallTime, long step, Map<String, Double> values) {}

  /**
   * Begins a file in the place of those that {@code folder} has.
   *
   * @param wallTime seconds since 1970; part of the name, as TensorBoard reads files in that order
   * @param history what the file begins with
   */
  public static EventFile begin(Path folder, double wallTime, List<Scalars> history)
      throws IOException {
    EventFile events =
        new EventFile(folder.resolve("%s%010d.sluice".formatted(NAME, (long) wallTime)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(record(new ProtoWriter().real64(1, wallTime).string(3, "brain.Event:2")));
    ProtoWriter start = new ProtoWriter().varint(1, SESSION_START);
    bytes.writeBytes(record(new ProtoWriter().real64(1, wallTime).varint(2, 0).message(7, start)));
    for (Scalars scalars : history) {
      bytes.writeBytes(record(event(scalars)));
    }
    AtomicFile.write(events.file, target -> Files.write(target, bytes.toByteArray()));
    events.length = bytes.size();
    events.deleteOthers(folder);
    return events;
  }

  private void deleteOthers(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path other : files.toList()) {
        if (other.getFileName().toString().startsWith(NAME) && !other.equals(file)) {
          Files.delete(other);
        }
      }
    }
  }

  /** Adds numbers. What a full disk has left of those before is overwritten. */
  public void append(Scalars scalars) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(record(event(scalars)));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.position(length);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    length += bytes.capacity();
  }

  private static ProtoWriter event(Scalars scalars) {
    ProtoWriter summary = new ProtoWriter();
    scalars
        .values()
        .forEach(
            (tag, value) ->
                summary.message(1, new ProtoWriter().string(1, tag).real(2, value.floatValue())));
    return new ProtoWriter()
        .real64(1, scalars.wallTime())
        .varint(2, scalars.step())
        .message(5, summary);
  }

  private static byte[] record(ProtoWriter event) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    event.writeTo(message);
    byte[] data = message.toByteArray();
    byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
    return littleEndian(length.length + data.length + 2 * Integer.BYTES)
        .put(length)
        .putInt(MaskedCrc.of(MemorySegment.ofArray(length)))
        .put(data)
        .putInt(MaskedCrc.of(MemorySegment.ofArray(data)))
        .array();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
