package dev.sluice.io.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The messages of an object's header that is to be written, in its oldest form. */
final class Messages {
  private static final int LARGEST = 0xffff - 7;
  private static final int TEXT = 0x13; // version 1, class 3
  private static final int PADDED_UTF8 = 0x11; // to its size with NULs

  private final Hdf5Output messages = new Hdf5Output(0);
  private int count;

  /** Adds a message. */
  void add(int type, Hdf5Output content) {
    byte[] bytes = content.align().bytes();
    if (bytes.length > LARGEST) {
      throw new IllegalArgumentException(
          "an attribute of %d bytes is larger than the %d that HDF5 stores in one"
              .formatted(bytes.length, LARGEST));
    }
    messages.short2(type).short2(bytes.length).zeros(4).raw(bytes);
    count++;
  }

  /** Adds an attribute; texts are padded to the longest. */
  void addAttribute(String name, GroupDraft.Texts value) {
    List<byte[]> texts =
        value.texts().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    int size = texts.stream().mapToInt(text -> Math.max(text.length, 1)).max().orElse(1);
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    Hdf5Output space = dataspace(value.list() ? List.of(texts.size()) : List.of());
    Hdf5Output out = new Hdf5Output(0);
    out.byte1(1).zeros(1).short2(nameBytes.length + 1).short2(8).short2((int) space.address());
    out.raw(nameBytes).zeros(1).align();
    out.byte1(TEXT).byte1(PADDED_UTF8).zeros(2).int4(size);
    out.raw(space.bytes());
    for (byte[] text : texts) {
      out.raw(text).zeros(size - text.length);
    }
    add(ObjectHeader.ATTRIBUTE, out);
  }

  /** Writes the header and returns where it is. */
  long writeTo(Hdf5Output out) {
    long address = out.address();
    byte[] bytes = messages.bytes();
    out.byte1(1).zeros(1).short2(count).int4(1).int4(bytes.length).zeros(4).raw(bytes);
    return address;
  }

  static Hdf5Output dataspace(List<Integer> shape) {
    Hdf5Output out = new Hdf5Output(0).byte1(1).byte1(shape.size()).zeros(6);
    shape.forEach(out::long8);
    return out;
  }

  /** IEEE, little-endian: where sign, exponent and fraction are, and the exponent's bias. */
  static Hdf5Output float32() {
    Hdf5Output out = new Hdf5Output(0).byte1(0x11).byte1(0x20).byte1(31).zeros(1).int4(4);
    return out.short2(0).short2(32).byte1(23).byte1(8).byte1(0).byte1(23).int4(127);
  }
}
