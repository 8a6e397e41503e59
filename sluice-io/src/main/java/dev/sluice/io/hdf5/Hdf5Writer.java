package dev.sluice.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree of groups and arrays as an HDF5 file in its oldest form, which every reader takes. Equal
 * trees give equal bytes.
 *
 * <p>What describes the tree stands at the begin, children before their group; then come the numbers. It
 * is laid out twice: its size does not depend on where the numbers are, but what it says does.
 */
public final class Hdf5Writer {
  private static final int SUPERBLOCK_BYTES = 96;
  private static final int TREE_K =
      16; // half of the children of a tree node that there is room for
  private static final int TREE_BYTES = 24 + 8 * (2 * TREE_K + 1) + 8 * 2 * TREE_K;
  private static final int SYMBOL_BYTES = 40;
  private static final int NO_FREE_BLOCK = 1;

  private final GroupDraft root;
  private final int leafK; // half of the symbols of a node: one node holds every group
  private final List<ArrayDraft> arrays = new ArrayList<>(); // in the order of their numbers
  private long numberBytes; // of the arrays so far
  private final byte[] description;

  /**
   * Lays out {@code root}, which is not to be changed any more.
   *
   * @throws IllegalArgumentException when an attribute or a group is too large for this form
   */
  public Hdf5Writer(GroupDraft root) {
    this.root = root;
    this.leafK = Math.max(4, (largest(root) + 1) / 2);
    long begin = describe(0).length;
    this.description = describe(begin);
  }

  /** Bytes of the file. */
  public long size() {
    return description.length + numberBytes;
  }

  /** Writes the whole file. */
  public void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(description);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    for (ArrayDraft array : arrays) {
      array.tensor().writeTo(channel);
    }
  }

  private static int largest(GroupDraft group) {
    int largest = group.children().size();
    for (Draft child : group.children().values()) {
      largest = child instanceof GroupDraft inner ? Math.max(largest, largest(inner)) : largest;
    }
    if (largest > 2 * Short.MAX_VALUE) {
      throw new IllegalArgumentException("a group holds %d things, too many".formatted(largest));
    }
    return largest;
  }

  /** All but the numbers, which begin at {@code numbers}. */
  private byte[] describe(long numbers) {
    arrays.clear();
    numberBytes = 0;
    Hdf5Output out = new Hdf5Output(SUPERBLOCK_BYTES);
    long rootHeader = writeGroup(out, root, numbers);
    return out.bytes(superblock(rootHeader, numbers + numberBytes));
  }

  private byte[] superblock(long rootHeader, long end) {
    Hdf5Output out = new Hdf5Output(0);
    out.byte1(0x89).text("HDF\r\n").byte1(0x1a).byte1('\n');
    out.zeros(5).byte1(Long.BYTES).byte1(Long.BYTES).zeros(1);
    out.short2(leafK).short2(TREE_K).int4(0);
    out.long8(0).long8(Hdf5Input.UNDEFINED).long8(end).long8(Hdf5Input.UNDEFINED);
    out.long8(0).long8(rootHeader).zeros(24);
    return out.bytes();
  }

  /** Writes a group after its children and returns where its header is. */
  private long writeGroup(Hdf5Output out, GroupDraft group, long numbers) {
    Map<byte[], Draft> children = group.children();
    List<Long> headers = new ArrayList<>();
    for (Draft child : children.values()) {
      headers.add(
          switch (child) {
            case GroupDraft inner -> writeGroup(out, inner, numbers);
            case ArrayDraft array -> writeArray(out, array, numbers);
          });
    }
    List<Long> names = new ArrayList<>();
    long heap = writeNames(out, children.keySet(), names);
    long symbols = out.address();
    out.text("SNOD").byte1(1).zeros(1).short2(children.size());
    for (int i = 0; i < headers.size(); i++) {
      out.long8(names.get(i)).long8(headers.get(i)).zeros(24);
    }
    out.zeros(SYMBOL_BYTES * (2 * leafK - headers.size()));
    long tree = out.address();
    boolean empty = children.isEmpty();
    out.text("TREE").zeros(2).short2(empty ? 0 : 1);
    out.long8(Hdf5Input.UNDEFINED).long8(Hdf5Input.UNDEFINED);
    out.long8(0).long8(empty ? 0 : symbols).long8(empty ? 0 : names.getLast());
    out.zeros(TREE_BYTES - 48);
    Messages messages = new Messages();
    messages.add(ObjectHeader.SYMBOL_TABLE, new Hdf5Output(0).long8(tree).long8(heap));
    group.attributes().forEach(messages::addAttribute);
    return messages.writeTo(out);
  }

  /** The heap of names; appends to {@code offsets} where in it each is. */
  private static long writeNames(Hdf5Output out, Iterable<byte[]> children, List<Long> offsets) {
    Hdf5Output names = new Hdf5Output(0).zeros(8);
    for (byte[] name : children) {
      offsets.add(names.address());
      names.raw(name).zeros(1).align();
    }
    long data = out.address();
    out.raw(names.bytes());
    long heap = out.address();
    out.text("HEAP").zeros(4).long8(names.address()).long8(NO_FREE_BLOCK).long8(data);
    return heap;
  }

  private long writeArray(Hdf5Output out, ArrayDraft array, long numbers) {
    long address = array.bytes() == 0 ? Hdf5Input.UNDEFINED : numbers + numberBytes;
    arrays.add(array);
    numberBytes += array.bytes();
    Messages messages = new Messages();
    messages.add(ObjectHeader.DATASPACE, Messages.dataspace(array.tensor().shape()));
    messages.add(ObjectHeader.DATATYPE, Messages.float32());
    messages.add(
        ObjectHeader.LAYOUT,
        new Hdf5Output(0).byte1(3).byte1(1).long8(address).long8(array.bytes()));
    return messages.writeTo(out);
  }
}
