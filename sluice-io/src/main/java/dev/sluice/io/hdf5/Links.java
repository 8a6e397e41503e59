package dev.sluice.io.hdf5;

import static dev.sluice.io.ModelFileException.shown;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what is in a group, from where its header says: messages in it; the tree, heap and tables of the
 * old format; or the heap of a large group of HDF5 1.8. Soft and external links are left out.
 */
final class Links {
  private static final int NODE_HEADER_BYTES = 24;
  private static final int SYMBOL_BYTES = 40;
  private static final int SOFT_LINK = 2;

  private final Hdf5Bytes file;
  private final ObjectHeader header;
  private final Map<String, Long> links = new LinkedHashMap<>();

  Links(Hdf5Bytes file, ObjectHeader header) {
    this.file = file;
    this.header = header;
  }

  /** By name, the address of the object's header. */
  Map<String, Long> read() {
    header.find(ObjectHeader.SYMBOL_TABLE).ifPresent(this::readSymbolTable);
    header.all(ObjectHeader.LINK).forEach(this::readLink);
    header.find(ObjectHeader.LINK_INFO).ifPresent(this::readLinkInfo);
    return links;
  }

  private void readSymbolTable(Hdf5Input in) {
    long tree = in.long8();
    Hdf5Input heap = file.part("local heap", in.long8(), 32);
    heap.require("HEAP");
    heap.skip(4);
    long size = heap.long8();
    heap.skip(8);
    Hdf5Input names = file.part("local heap", heap.long8(), size);
    Deque<Long> nodes = new ArrayDeque<>();
    nodes.add(tree);
    while (!nodes.isEmpty()) {
      readNode(nodes.remove(), nodes, names);
    }
  }

  /** A node of the tree; nodes below it are added to {@code nodes}. */
  private void readNode(long address, Deque<Long> nodes, Hdf5Input names) {
    Hdf5Input node = file.part("tree node", address, NODE_HEADER_BYTES);
    node.require("TREE");
    int kind = node.byte1();
    int level = node.byte1();
    int entries = node.short2();
    if (kind != 0) {
      throw file.damaged("the %s is not that of a group", node.place());
    }
    Hdf5Input children = file.part("tree node", address + NODE_HEADER_BYTES, 16L * entries);
    for (int i = 0; i < entries; i++) {
      children.skip(8); // the key
      long child = children.long8();
      if (level > 0) {
        nodes.add(child);
      } else {
        readSymbols(child, names);
      }
    }
  }

  private void readSymbols(long address, Hdf5Input names) {
    Hdf5Input start = file.part("symbol table node", address, 8);
    start.require("SNOD");
    start.skip(2);
    int count = start.short2();
    Hdf5Input symbols = file.part("symbol table node", address + 8, (long) SYMBOL_BYTES * count);
    for (int i = 0; i < count; i++) {
      long name = symbols.long8();
      long object = symbols.long8();
      boolean hard = symbols.int4() != SOFT_LINK;
      symbols.skip(20);
      if (hard) {
        add(names.textAt(name), object);
      }
    }
  }

  private void readLinkInfo(Hdf5Input in) {
    in.skip(1);
    boolean ordered = (in.byte1() & 1) != 0;
    in.skip(ordered ? 8 : 0);
    long heap = in.long8();
    if (heap != Hdf5Input.UNDEFINED) {
      new FractalHeap(file, heap).objects(in.long8()).forEach(this::readLink);
    }
  }

  private void readLink(Hdf5Input in) {
    in.skip(1);
    int flags = in.byte1();
    boolean hard = (flags & 8) == 0 || in.byte1() == 0;
    in.skip((flags & 4) == 0 ? 0 : 8); // order of creation
    in.skip((flags & 16) == 0 ? 0 : 1); // character set
    String name = in.text(in.number(1 << (flags & 3)));
    if (hard) {
      add(name, in.long8());
    }
  }

  private void add(String name, long object) {
    if (links.put(name, object) != null) {
      throw file.damaged("the group of the %s has two entries %s", header.place(), shown(name));
    }
  }
}
