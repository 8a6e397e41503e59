package dev.sluice.io.tensorflow;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorFile;
import dev.sluice.io.TensorType;
import dev.sluice.io.protobuf.ProtoReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Reads a checkpoint of version 2: {@code NAME.index}, a table that says of each variable its type, shape,
 * place and checksum, and {@code NAME.data-00000-of-00001} and so on with the numbers. Every checksum is
 * proved.
 */
final class Bundle {
  static final String INDEX = ".index";

  /** What the keys of parts of variables begin with; the variables they are parts of are refused. */
  private static final String OF_PARTS = "\0";

  private final Path index;
  private final Arena arena;
  private final Contents contents = new Contents();
  private final Map<Long, MemorySegment> shards = new HashMap<>();
  private long shardCount;
  private long mapped; // bytes of all parts that were opened
  private long claimed; // of them by tensors

  private Bundle(Path index, Arena arena) {
    this.index = index;
    this.arena = arena;
  }

  /**
   * The checkpoint of {@code index}, mapped until {@code arena} is closed.
   *
   * @throws ModelFileException when it is none, damaged, or not complete
   */
  static Contents read(Path index, Arena arena) {
    return new Bundle(index, arena).read();
  }

  private Contents read() {
    MemorySegment bytes = TensorFile.map(index, "index of a checkpoint", arena);
    SequencedMap<String, MemorySegment> entries = SortedTable.read(index, bytes);
    MemorySegment header = entries.remove("");
    if (header == null) {
      throw new ModelFileException(index, "has no header; is it the index of a checkpoint?");
    }
    readHeader(ProtoReader.of(index, header));
    entries.forEach(
        (key, entry) -> {
          if (!key.startsWith(OF_PARTS)) {
            String name =
                new String(key.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            readEntry(name, ProtoReader.of(index, entry));
          }
        });
    return contents;
  }

  private void readHeader(ProtoReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> shardCount = in.varint();
        case 2 -> {
          if (in.varint() != 0) {
            throw new ModelFileException(
                index, "was saved on a big-endian machine; save the checkpoint anew on another");
          }
        }
        default -> {}
      }
    }
  }

  private void readEntry(String name, ProtoReader in) {
    long type = 0;
    List<Long> sizes = List.of();
    long shard = 0;
    long offset = 0;
    long size = 0;
    int checksum = 0;
    boolean parted = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> type = in.varint();
        case 2 -> sizes = Declared.sizes(in.message());
        case 3 -> shard = in.varint();
        case 4 -> offset = in.varint();
        case 5 -> size = in.varint();
        case 6 -> checksum = in.fixed32();
        case 7 -> parted = true;
        default -> {}
      }
    }
    Optional<TensorType> elements = Declared.type(type);
    if (elements.isEmpty()) {
      contents.unread().add(name);
      return;
    }
    Declared tensor = new Declared(index, name, elements.get(), sizes);
    if (parted) {
      throw tensor.refused(
          "is stored in parts; save the checkpoint from a graph without a partitioner");
    }
    MemorySegment data = data(tensor, shard, offset, size);
    contents.tensors().put(name, tensor.in(data));
    if (MaskedCrc.of(data) != checksum) {
      throw tensor.refused(
          "has another checksum than when it was saved; copy or download the checkpoint again");
    }
  }

  private MemorySegment data(Declared tensor, long shard, long offset, long size) {
    if (shard < 0 || shard >= shardCount) {
      throw tensor.refused(
          "is in part %d of %d of the data; the index is damaged".formatted(shard, shardCount));
    }
    MemorySegment data = shards.get(shard);
    if (data == null) {
      data = map(tensor, shard);
      shards.put(shard, data);
      mapped += data.byteSize();
    }
    if (size < 0 || offset < 0 || size > data.byteSize() || offset > data.byteSize() - size) {
      throw tensor.refused(
          "is %d bytes at byte %d of the data, which has only %d; was it cut short?"
              .formatted(size, offset, data.byteSize()));
    }
    claimed += size;
    if (claimed > mapped) {
      throw tensor.refused("takes bytes that are another tensor's too; the index is damaged");
    }
    return data.asSlice(offset, size);
  }

  private MemorySegment map(Declared tensor, long shard) {
    String name = index.getFileName() + "";
    String prefix = name.substring(0, name.length() - INDEX.length());
    Path file = index.resolveSibling("%s.data-%05d-of-%05d".formatted(prefix, shard, shardCount));
    if (!Files.isRegularFile(file)) {
      throw tensor.refused(
          "is in the file %s, which is not there; copy it beside the index"
              .formatted(file.getFileName()));
    }
    return TensorFile.map(file, "data of a checkpoint", arena);
  }
}
