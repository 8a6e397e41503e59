package dev.sluice.io.hdf5;

import java.util.ArrayList;
import java.util.List;

/**
 * The heap in which HDF5 1.8 keeps the links of a group of more than eight, and the tree that says where
 * in it they are. Of the tree two levels are read, enough for about a thousand links.
 *
 * <p>The heap is a line of bytes cut into blocks that double in size: a table of so many columns, whose
 * first two rows hold blocks of the starting size, the next ones twice as much each.
 */
final class FractalHeap {
  private static final int HEADER_BYTES = 142;
  private static final int TREE_HEADER_BYTES = 34;
  private static final int NODE_PREFIX_BYTES = 6;
  private static final int LINK_NAMES = 5; // kind of tree
  private static final int HASH_BYTES = 4;

  private final Hdf5Bytes file;
  private final long maxManaged;
  private final int width;
  private final long startSize;
  private final long maxDirect;
  private final int offsetBytes;
  private final int idBytes;
  private final long root;
  private final int rootRows; // 0: the root is a block itself

  FractalHeap(Hdf5Bytes file, long address) {
    this.file = file;
    Hdf5Input in = file.part("fractal heap", address, HEADER_BYTES);
    in.require("FRHP");
    in.skip(1);
    idBytes = in.short2();
    if (in.short2() != 0) {
      throw file.unsupported("the %s is compressed", in.place());
    }
    in.skip(1);
    maxManaged = in.int4();
    in.skip(12 * 8);
    width = in.short2();
    startSize = in.long8();
    maxDirect = in.long8();
    offsetBytes = (in.short2() + 7) / 8;
    in.skip(2);
    root = in.long8();
    rootRows = in.short2();
    if (width < 1 || startSize < 1 || maxDirect < startSize || offsetBytes > 8 || idBytes > 32) {
      throw file.damaged("the %s has impossible sizes", in.place());
    }
  }

  /** The objects that the tree at {@code address} lists. */
  List<Hdf5Input> objects(long address) {
    Hdf5Input tree = file.part("link tree", address, TREE_HEADER_BYTES);
    tree.require("BTHD");
    tree.skip(1);
    int kind = tree.byte1();
    long nodeBytes = tree.int4();
    int recordBytes = tree.short2();
    int depth = tree.short2();
    tree.skip(2);
    long node = tree.long8();
    int records = tree.short2();
    if (kind != LINK_NAMES || recordBytes != HASH_BYTES + idBytes) {
      throw file.damaged("the %s is not one of names", tree.place());
    }
    List<Hdf5Input> objects = new ArrayList<>();
    if (node == Hdf5Input.UNDEFINED) {
      return objects;
    }
    switch (depth) {
      case 0 -> readLeaf(node, records, objects);
      case 1 -> {
        long inLeaf = (nodeBytes - NODE_PREFIX_BYTES - 4) / recordBytes;
        readInner(node, records, inLeaf < 256 ? 1 : 2, objects);
      }
      default -> throw file.unsupported("a group has thousands of members");
    }
    return objects;
  }

  private void readLeaf(long address, int records, List<Hdf5Input> objects) {
    Hdf5Input leaf = node("BTLF", address, (long) records * (HASH_BYTES + idBytes));
    for (int i = 0; i < records; i++) {
      objects.add(readRecord(leaf));
    }
  }

  private void readInner(long address, int records, int countBytes, List<Hdf5Input> objects) {
    long childBytes = (records + 1L) * (8 + countBytes);
    Hdf5Input inner = node("BTIN", address, (long) records * (HASH_BYTES + idBytes) + childBytes);
    for (int i = 0; i < records; i++) {
      objects.add(readRecord(inner));
    }
    for (int i = 0; i <= records; i++) {
      long child = inner.long8();
      readLeaf(child, (int) inner.number(countBytes), objects);
    }
  }

  private Hdf5Input node(String signature, long address, long bytes) {
    Hdf5Input node = file.part("link tree node", address, NODE_PREFIX_BYTES + bytes);
    node.require(signature);
    node.skip(2);
    return node;
  }

  /** A hash of the name, and the object's place in the heap: kind, offset, length. */
  private Hdf5Input readRecord(Hdf5Input in) {
    in.skip(HASH_BYTES);
    Hdf5Input id = in.part("link", idBytes);
    int kind = id.byte1() >> 4;
    if (kind != 0) {
      throw file.unsupported("the name of a member is longer than %d bytes", maxManaged);
    }
    long offset = odd(id, offsetBytes);
    long length = odd(id, lengthBytes());
    return object(offset, length);
  }

  /** As many as the largest object needs. */
  private int lengthBytes() {
    long largest = Math.min(maxManaged, maxDirect);
    return (64 - Long.numberOfLeadingZeros(largest) + 7) / 8;
  }

  private static long odd(Hdf5Input in, int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) in.byte1() << (8 * i);
    }
    return number;
  }

  /** The bytes at {@code offset} of the line. */
  private Hdf5Input object(long offset, long length) {
    if (rootRows == 0) {
      return file.part("link", root + offset, length);
    }
    long begin = 0;
    long size = startSize;
    for (int row = 0; row < rootRows && size <= maxDirect && size > 0; row++) {
      size = row < 2 ? startSize : 2 * size;
      for (int column = 0; column < width; column++) {
        if (offset >= begin && offset - begin < size) {
          return file.part("link", block(row * width + column) + offset - begin, length);
        }
        begin += size;
      }
    }
    throw file.unsupported("a group has a heap of many levels");
  }

  /** Where direct block {@code i} of the root is. */
  private long block(int i) {
    long prefix = 4L + 1 + 8 + offsetBytes;
    Hdf5Input start = file.part("fractal heap block", root, 4);
    start.require("FHIB");
    return file.part("fractal heap block", root + prefix + 8L * i, 8).long8();
  }
}
