package dev.sluice.io.hdf5;

import static dev.sluice.io.ModelFileException.shown;

import java.util.ArrayList;
import java.util.List;

/**
 * A named value beside a group. Of all there can be, texts are read.
 *
 * @param value its elements, and nothing else
 */
record Attribute(String name, Datatype type, Dataspace space, Hdf5Input value) {
  private static final int HEAP_HEADER_BYTES = 16;

  static Attribute read(Hdf5Input in) {
    int version = in.byte1();
    int flags = in.byte1();
    int nameSize = in.short2();
    int typeSize = in.short2();
    int spaceSize = in.short2();
    if (version < 1 || version > 3) {
      throw in.file().damaged("an attribute in the %s is of version %d", in.place(), version);
    }
    if (version > 1 && flags != 0) {
      throw in.file().unsupported("the type of an attribute in the %s is elsewhere", in.place());
    }
    in.skip(version == 3 ? 1 : 0);
    int alignment = version == 1 ? 8 : 1; // the prefix has 8 bytes too
    String name = in.text(nameSize);
    in.align(alignment);
    Datatype type = Datatype.read(in.part("type", typeSize));
    in.align(alignment);
    Dataspace space = Dataspace.read(in.part("shape", spaceSize));
    in.align(alignment);
    return new Attribute(name, type, space, in.part("attribute", in.left()));
  }

  /** The elements; one, or a list of a fixed size each. */
  List<String> texts() {
    Hdf5Input in = value.restarted();
    int count = space.count(in.file(), "the attribute " + shown(name), type.size(), in.left());
    if (count == 0) {
      return List.of(); // of any type: numpy takes an empty list for one of numbers
    }
    return switch (type.kind()) {
      case TEXT -> {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          texts.add(in.text(type.size()));
        }
        yield texts;
      }
      case TEXT_ELSEWHERE -> {
        if (count > 1) {
          throw in.file()
              .unsupported("the attribute %s is a list of texts of any size", shown(name));
        }
        yield List.of(textElsewhere(in));
      }
      default -> throw in.file().unsupported("the attribute %s is no text", shown(name));
    };
  }

  private static String textElsewhere(Hdf5Input in) {
    long length = in.int4();
    long address = in.long8();
    long index = in.int4();
    if (length == 0) {
      return "";
    }
    Hdf5Input start = in.file().part("global heap", address, HEAP_HEADER_BYTES);
    start.require("GCOL");
    start.skip(4);
    long size = start.long8() - HEAP_HEADER_BYTES;
    Hdf5Input heap = in.file().part("global heap", address + HEAP_HEADER_BYTES, size);
    while (heap.left() >= HEAP_HEADER_BYTES) {
      int object = heap.short2();
      heap.skip(6);
      long bytes = heap.long8();
      if (object == index) {
        return heap.part("text", bytes).text(length);
      }
      if (object == 0) {
        break; // the free space
      }
      heap.skip(bytes);
      heap.align(8);
    }
    throw in.file().damaged("the %s has no object %d", start.place(), index);
  }
}
