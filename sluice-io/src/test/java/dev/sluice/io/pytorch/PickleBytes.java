package dev.sluice.io.pytorch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A pickle put together by hand, opcode by opcode, as {@code torch.save} never would. */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleBytes() {
    op(Opcodes.PROTO).number1(2);
  }

  /** Opcodes without arguments. */
  PickleBytes op(int... opcodes) {
    for (int opcode : opcodes) {
      out.write(opcode);
    }
    return this;
  }

  PickleBytes number1(int number) {
    return little(number, 1);
  }

  PickleBytes number4(long number) {
    return little(number, Integer.BYTES);
  }

  PickleBytes number8(long number) {
    return little(number, Long.BYTES);
  }

  PickleBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleBytes global(String module, String name) {
    return op(Opcodes.GLOBAL).raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  PickleBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return op(Opcodes.BINUNICODE).number4(utf8.length).raw(utf8);
  }

  PickleBytes whole(long number) {
    return op(Opcodes.LONG1).number1(Long.BYTES).number8(number);
  }

  PickleBytes tuple(long... numbers) {
    op(Opcodes.MARK);
    for (long number : numbers) {
      whole(number);
    }
    return op(Opcodes.TUPLE);
  }

  PickleBytes put(int index) {
    return op(Opcodes.LONG_BINPUT).number4(index);
  }

  PickleBytes get(int index) {
    return op(Opcodes.LONG_BINGET).number4(index);
  }

  /** Number {@code key} of the storages, of that type and size. */
  PickleBytes storage(String type, int key, long elements) {
    op(Opcodes.MARK).text("storage").global("torch", type).text(Integer.toString(key)).text("cpu");
    return whole(elements).op(Opcodes.TUPLE, Opcodes.BINPERSID);
  }

  /** A tensor over storage 0, which has {@code elements} floats. */
  PickleBytes tensor(long elements, long offset, long[] shape, long... strides) {
    global("torch._utils", "_rebuild_tensor_v2").op(Opcodes.MARK);
    storage("FloatStorage", 0, elements).whole(offset).tuple(shape).tuple(strides);
    return op(Opcodes.NEWFALSE, Opcodes.NONE, Opcodes.TUPLE, Opcodes.REDUCE);
  }

  /** A tensor of all {@code elements} of storage 0. */
  PickleBytes tensor(int elements) {
    return tensor(elements, 0, new long[] {elements}, 1);
  }

  /** The pickle with its end. */
  byte[] done() {
    op(Opcodes.STOP);
    return out.toByteArray();
  }

  private PickleBytes little(long number, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (number >> (8 * i)));
    }
    return this;
  }
}
