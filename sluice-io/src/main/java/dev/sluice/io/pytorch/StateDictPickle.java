package dev.sluice.io.pytorch;

import dev.sluice.io.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pickle, in protocol 2, of an ordered dict of names and float tensors, each over a storage of
 * its own: the very bytes that {@code torch.save} writes. It is to the {@link Unpickler} what a
 * writer is to a reader, and knows only this one object.
 */
final class StateDictPickle {
  /** As many entries as Python hands over at once. */
  private static final int BATCH = 1000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<String, Integer> recallable = new HashMap<>();
  private int memoized;

  private StateDictPickle() {}

  /** The pickle of {@code tensors}; number {@code i} is in the storage "i". */
  static byte[] of(List<Tensor> tensors) {
    StateDictPickle pickle = new StateDictPickle();
    pickle.stateDict(tensors);
    return pickle.out.toByteArray();
  }

  private void stateDict(List<Tensor> tensors) {
    out.write(Opcodes.PROTO);
    out.write(2);
    orderedDict();
    for (int from = 0; from < tensors.size(); from += BATCH) {
      int to = Math.min(from + BATCH, tensors.size());
      boolean single = to - from == 1;
      if (!single) {
        out.write(Opcodes.MARK);
      }
      for (int i = from; i < to; i++) {
        text(tensors.get(i).name());
        memoize();
        tensor(tensors.get(i), i);
      }
      out.write(single ? Opcodes.SETITEM : Opcodes.SETITEMS);
    }
    out.write(Opcodes.STOP);
  }

  /** {@code _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)}. */
  private void tensor(Tensor tensor, int key) {
    global("torch._utils", "_rebuild_tensor_v2");
    out.write(Opcodes.MARK);
    storage(key, tensor.data().length);
    whole(0);
    tuple(tensor.shape().stream().mapToLong(size -> size).toArray());
    tuple(Tensor.rowMajorStrides(tensor.shape()));
    out.write(Opcodes.NEWFALSE);
    orderedDict();
    out.write(Opcodes.TUPLE);
    memoize();
    out.write(Opcodes.REDUCE);
    memoize();
  }

  /** The name ("storage", type, key, device, elements) of what lies outside the pickle. */
  private void storage(int key, int elements) {
    out.write(Opcodes.MARK);
    once("storage", () -> text("storage"));
    global("torch", "FloatStorage");
    text(Integer.toString(key));
    memoize();
    once("cpu", () -> text("cpu"));
    whole(elements);
    out.write(Opcodes.TUPLE);
    memoize();
    out.write(Opcodes.BINPERSID);
  }

  private void orderedDict() {
    global("collections", "OrderedDict");
    out.write(Opcodes.EMPTY_TUPLE);
    out.write(Opcodes.REDUCE);
    memoize();
  }

  private void global(String module, String name) {
    String lines = module + "\n" + name + "\n";
    once(
        lines,
        () -> {
          out.write(Opcodes.GLOBAL);
          out.writeBytes(lines.getBytes(StandardCharsets.US_ASCII));
        });
  }

  private void tuple(long[] numbers) {
    if (numbers.length > 3) {
      out.write(Opcodes.MARK);
    }
    for (long number : numbers) {
      whole(number);
    }
    out.write(
        switch (numbers.length) {
          case 0 -> Opcodes.EMPTY_TUPLE;
          case 1 -> Opcodes.TUPLE1;
          case 2 -> Opcodes.TUPLE2;
          case 3 -> Opcodes.TUPLE3;
          default -> Opcodes.TUPLE;
        });
    if (numbers.length > 0) {
      memoize();
    }
  }

  /** A number from 0 on. */
  private void whole(long number) {
    if (number <= 0xff) {
      out.write(Opcodes.BININT1);
      littleEndian(number, 1);
    } else if (number <= 0xffff) {
      out.write(Opcodes.BININT2);
      littleEndian(number, Short.BYTES);
    } else if (number <= Integer.MAX_VALUE) {
      out.write(Opcodes.BININT);
      littleEndian(number, Integer.BYTES);
    } else {
      out.write(Opcodes.LONG1);
      out.write(Long.BYTES);
      littleEndian(number, Long.BYTES);
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write(Opcodes.BINUNICODE);
    littleEndian(utf8.length, Integer.BYTES);
    out.writeBytes(utf8);
  }

  /** Writes what {@code inFull} writes, or, the second time, that it is what it was before. */
  private void once(String what, Runnable inFull) {
    Integer index = recallable.get(what);
    if (index == null) {
      inFull.run();
      recallable.put(what, memoized);
      memoize();
    } else {
      out.write(index <= 0xff ? Opcodes.BINGET : Opcodes.LONG_BINGET);
      littleEndian(index, index <= 0xff ? 1 : Integer.BYTES);
    }
  }

  private void memoize() {
    out.write(memoized <= 0xff ? Opcodes.BINPUT : Opcodes.LONG_BINPUT);
    littleEndian(memoized, memoized <= 0xff ? 1 : Integer.BYTES);
    memoized++;
  }

  private void littleEndian(long number, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (number >> (8 * i)));
    }
  }
}
