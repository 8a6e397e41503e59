package dev.sluice.io.hdf5;

import java.util.HashMap;
import java.util.Map;

/** Collections of objects of any size, in which h5py stores texts; each is read once. */
final class GlobalHeaps {
  private static final int HEADER_BYTES = 16;

  private final Hdf5Bytes file;
  private final Map<Long, Map<Integer, Hdf5Input>> collections = new HashMap<>();

  GlobalHeaps(Hdf5Bytes file) {
    this.file = file;
  }

  /** A text that {@code in} tells the length, the collection and the number of. */
  String text(Hdf5Input in) {
    long length = in.int4();
    long address = in.long8();
    long number = in.int4();
    if (length == 0) {
      return "";
    }
    Map<Integer, Hdf5Input> objects = collections.get(address);
    if (objects == null) {
      objects = read(address);
      collections.put(address, objects);
    }
    Hdf5Input object = objects.get((int) number);
    if (object == null) {
      throw file.damaged("the global heap at byte %d has no object %d", address, number);
    }
    return object.restarted().text(length);
  }

  private Map<Integer, Hdf5Input> read(long address) {
    Hdf5Input start = file.part("global heap", address, HEADER_BYTES);
    start.require("GCOL");
    start.skip(4);
    long size = start.long8() - HEADER_BYTES;
    Hdf5Input heap = file.part("global heap", address + HEADER_BYTES, size);
    Map<Integer, Hdf5Input> objects = new HashMap<>();
    while (heap.left() >= HEADER_BYTES) {
      int number = heap.short2();
      heap.skip(6);
      long bytes = heap.long8();
      if (number == 0) {
        break; // what is free
      }
      objects.put(number, heap.part("text", bytes));
      heap.align(8);
    }
    return objects;
  }
}
