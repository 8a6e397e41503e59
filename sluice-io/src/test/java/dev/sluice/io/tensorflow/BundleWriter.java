package dev.sluice.io.tensorflow;

import dev.sluice.io.Tensor;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes checkpoints as TensorFlow does, from its description of the format; for tests only. */
public final class BundleWriter {
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final SortedMap<String, byte[]> entries = new TreeMap<>();
  private byte compression;
  private int blockEntries = 5; // few, so that small tables have several blocks
  private int restartInterval = 3;

  /** Adds a tensor of floats. */
  public BundleWriter add(String name, List<Integer> shape, float... values) {
    new Tensor(name, shape, values); // checks the shape
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return add(name, 1, shape, bytes.array());
  }

  /** Adds a tensor of a type of the enum DataType. */
  BundleWriter add(String name, int type, List<Integer> shape, byte[] bytes) {
    ProtoWriter entry = entry(type, shape, data.size(), bytes.length);
    entries.put(name, bytes(entry.fixed32(6, MaskedCrc.of(MemorySegment.ofArray(bytes)))));
    data.writeBytes(bytes);
    return this;
  }

  /** Adds an entry as it is. */
  BundleWriter addEntry(String name, byte[] entry) {
    entries.put(name, entry);
    return this;
  }

  /** Says of every block that it is compressed. */
  BundleWriter compressed() {
    compression = 1;
    return this;
  }

  /** Puts all entries in one block, in which each key shares what it can with the one before. */
  BundleWriter inOneBlock() {
    blockEntries = Integer.MAX_VALUE;
    restartInterval = Integer.MAX_VALUE;
    return this;
  }

  Map<String, byte[]> entries() {
    return new LinkedHashMap<>(entries);
  }

  byte[] data() {
    return data.toByteArray();
  }

  static ProtoWriter entry(int type, List<Integer> shape, long offset, long size) {
    ProtoWriter sizes = new ProtoWriter();
    shape.forEach(n -> sizes.message(2, new ProtoWriter().varint(1, n)));
    return new ProtoWriter().varint(1, type).message(2, sizes).varint(4, offset).varint(5, size);
  }

  /** Writes both files, and returns the prefix of their names. */
  public Path write(Path prefix) throws IOException {
    SortedMap<String, byte[]> all = new TreeMap<>(entries);
    all.putIfAbsent("", bytes(new ProtoWriter().varint(1, 1).message(3, new ProtoWriter())));
    Files.write(Path.of(prefix + ".index"), index(all));
    Files.write(Path.of(prefix + ".data-00000-of-00001"), data.toByteArray());
    return prefix;
  }

  /** A table of {@code entries}. */
  byte[] index(SortedMap<String, byte[]> all) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    SortedMap<String, byte[]> blocks = new TreeMap<>();
    SortedMap<String, byte[]> block = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : all.entrySet()) {
      block.put(entry.getKey(), entry.getValue());
      if (block.size() == blockEntries || entry.getKey().equals(all.lastKey())) {
        blocks.put(block.lastKey(), append(file, block));
        block.clear();
      }
    }
    byte[] meta = append(file, new TreeMap<>());
    byte[] index = append(file, blocks);
    ByteBuffer footer = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    footer.put(meta).put(index).putLong(40, 0xdb4775248b80fb57L);
    file.writeBytes(footer.array());
    return file.toByteArray();
  }

  /** Appends a block, and returns where it is. */
  private byte[] append(ByteArrayOutputStream file, SortedMap<String, byte[]> entries) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    ByteArrayOutputStream restarts = new ByteArrayOutputStream();
    byte[] before = {};
    int count = 0;
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] key = bytes(entry.getKey());
      int shared = 0;
      if (count++ % restartInterval == 0) {
        restarts.writeBytes(littleEndian(block.size()));
      } else {
        while (shared < Math.min(before.length, key.length) && before[shared] == key[shared]) {
          shared++;
        }
      }
      varints(block, shared, key.length - shared, entry.getValue().length);
      block.write(key, shared, key.length - shared);
      block.writeBytes(entry.getValue());
      before = key;
    }
    if (count == 0) {
      restarts.writeBytes(littleEndian(0));
    }
    block.writeBytes(restarts.toByteArray());
    block.writeBytes(littleEndian(restarts.size() / 4));
    ByteArrayOutputStream place = new ByteArrayOutputStream();
    varints(place, file.size(), block.size());
    block.write(compression);
    file.writeBytes(block.toByteArray());
    file.writeBytes(littleEndian(MaskedCrc.of(MemorySegment.ofArray(block.toByteArray()))));
    return place.toByteArray();
  }

  private static void varints(ByteArrayOutputStream out, long... values) {
    for (long value : values) {
      long rest = value;
      for (; rest > 0x7f; rest >>>= 7) {
        out.write((int) ((rest & 0x7f) | 0x80));
      }
      out.write((int) rest);
    }
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** Keys are text, but for those that begin with a zero, whose characters are bytes. */
  private static byte[] bytes(String key) {
    return key.getBytes(
        key.startsWith("\0") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  static byte[] bytes(ProtoWriter message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      message.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
