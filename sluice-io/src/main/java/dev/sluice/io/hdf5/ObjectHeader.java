package dev.sluice.io.hdf5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What describes a group or an array: a list of messages, in the old format or in that of HDF5 1.8. */
final class ObjectHeader {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int LINK = 0x06;
  static final int LAYOUT = 0x08;
  static final int ATTRIBUTE = 0x0c;
  static final int SYMBOL_TABLE = 0x11;
  private static final int CONTINUATION = 0x10;

  private static final String NAME = "object header";
  private static final int LONGEST_PREFIX = 34;
  private static final int CHECKSUM_BYTES = 4;

  /** In the flags of a message: it only says where it is. */
  private static final int SHARED = 2;

  private record Message(int type, boolean shared, Hdf5Input bytes) {}

  private final Hdf5Bytes file;
  private final long address;
  private final List<Message> messages = new ArrayList<>();
  private final Deque<Hdf5Input> blocks = new ArrayDeque<>();

  /** Reads the header at {@code address}. */
  ObjectHeader(Hdf5Bytes file, long address) {
    this.file = file;
    this.address = address;
    if (file.part(NAME, address, 1).byte1() == 1) {
      readVersion1();
    } else {
      readVersion2();
    }
  }

  /** The messages of a type, each to be read from its begin. */
  List<Hdf5Input> all(int type) {
    List<Hdf5Input> found = new ArrayList<>();
    for (Message message : messages) {
      if (message.type == type) {
        if (message.shared) {
          throw file.unsupported("a part of the %s is stored elsewhere", place());
        }
        found.add(message.bytes.restarted());
      }
    }
    return found;
  }

  /** The message of a type of which there is at most one. */
  Optional<Hdf5Input> find(int type) {
    return all(type).stream().findFirst();
  }

  String place() {
    return "%s at byte %d".formatted(NAME, address);
  }

  /** Its length is the number of messages, continuations included. */
  private void readVersion1() {
    Hdf5Input prefix = file.part(NAME, address, 16);
    prefix.skip(2);
    int count = prefix.short2();
    prefix.skip(4);
    blocks.add(file.part(NAME, address + 16, prefix.int4()));
    int read = 0;
    while (!blocks.isEmpty()) {
      Hdf5Input block = blocks.remove();
      for (; block.left() >= 8 && read < count; read++) {
        int type = block.short2();
        int size = block.short2();
        int flags = block.byte1();
        block.skip(3);
        Hdf5Input message = block.part(NAME, size);
        if (type == CONTINUATION) {
          blocks.add(file.part(NAME, message.long8(), message.long8()));
        } else {
          messages.add(new Message(type, (flags & SHARED) != 0, message));
        }
      }
    }
  }

  private void readVersion2() {
    Hdf5Input prefix = file.part(NAME, address, Math.min(LONGEST_PREFIX, file.size() - address));
    prefix.require("OHDR");
    int version = prefix.byte1();
    if (version != 2) {
      throw file.damaged("the %s is of version %d", place(), version);
    }
    int flags = prefix.byte1();
    prefix.skip((flags & 0x20) == 0 ? 0 : 16); // times
    prefix.skip((flags & 0x10) == 0 ? 0 : 4); // when to store attributes elsewhere
    long size = prefix.number(1 << (flags & 3));
    boolean ordered = (flags & 4) != 0;
    blocks.add(file.part(NAME, prefix.address(), size));
    while (!blocks.isEmpty()) {
      Hdf5Input block = blocks.remove();
      while (block.left() >= (ordered ? 6 : 4)) {
        int type = block.byte1();
        int length = block.short2();
        int messageFlags = block.byte1();
        block.skip(ordered ? 2 : 0);
        Hdf5Input message = block.part(NAME, length);
        if (type == CONTINUATION) {
          blocks.add(continuation(message));
        } else {
          messages.add(new Message(type, (messageFlags & SHARED) != 0, message));
        }
      }
    }
  }

  private Hdf5Input continuation(Hdf5Input message) {
    Hdf5Input block = file.part(NAME + " block", message.long8(), message.long8());
    block.require("OCHK");
    return block.part(NAME, block.left() - CHECKSUM_BYTES);
  }
}
