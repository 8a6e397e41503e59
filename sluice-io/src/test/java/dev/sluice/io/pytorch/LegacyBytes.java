package dev.sluice.io.pytorch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A file in PyTorch's format before 1.6, put together by hand: six numbers, with any lie. */
final class LegacyBytes {
  private int version = 1001;
  private boolean littleEndian = true;
  private List<String> keys = List.of("0");
  private long elements = 6;
  private long count = 6;

  LegacyBytes version(int version) {
    this.version = version;
    return this;
  }

  LegacyBytes littleEndian(boolean littleEndian) {
    this.littleEndian = littleEndian;
    return this;
  }

  /** The keys of the storages, each of which follows in full. */
  LegacyBytes keys(String... keys) {
    this.keys = List.of(keys);
    return this;
  }

  /** How many numbers the pickle says there are. */
  LegacyBytes elements(long elements) {
    this.elements = elements;
    return this;
  }

  /** How many numbers the storages say they have. */
  LegacyBytes count(long count) {
    this.count = count;
    return this;
  }

  byte[] done() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] magic = {
      0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 80, 25
    };
    out.writeBytes(new PickleBytes().op(Opcodes.LONG1, 10).raw(magic).done());
    out.writeBytes(new PickleBytes().whole(version).done());
    PickleBytes system = new PickleBytes().op(Opcodes.EMPTY_DICT).text("little_endian");
    system.op(littleEndian ? Opcodes.NEWTRUE : Opcodes.NEWFALSE, Opcodes.SETITEM);
    out.writeBytes(system.done());
    PickleBytes weights = new PickleBytes().op(Opcodes.EMPTY_DICT).text("w");
    long[] shape = {Math.min(elements, 1L << 28)};
    out.writeBytes(weights.tensor(elements, 0, shape, 1).op(Opcodes.SETITEM).done());
    PickleBytes list = new PickleBytes().op(Opcodes.EMPTY_LIST, Opcodes.MARK);
    keys.forEach(list::text);
    out.writeBytes(list.op(Opcodes.APPENDS).done());
    for (int i = 0; i < keys.size(); i++) {
      ByteBuffer numbers = ByteBuffer.allocate(Long.BYTES + 6 * Float.BYTES);
      out.writeBytes(numbers.order(ByteOrder.LITTLE_ENDIAN).putLong(count).array());
    }
    return out.toByteArray();
  }
}
