package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.pytorch.PickleValue.Dict;
import dev.sluice.io.pytorch.PickleValue.Plain;
import dev.sluice.io.pytorch.PickleValue.ScriptModule;
import dev.sluice.io.pytorch.PickleValue.Sequence;
import dev.sluice.io.pytorch.PickleValue.Text;
import dev.sluice.io.pytorch.PickleValue.Tuple;
import dev.sluice.io.pytorch.PickleValue.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the opcodes of one pickle: a stack, a memo, and nothing that could be made to act. A pickle
 * is a program, and Python's own reader imports and calls what it names; here a name is looked up
 * in the {@link AllowList}, and what is not there ends the reading.
 *
 * <p>What a pickle costs is bounded by its size: an opcode makes at most one small object, a shared
 * value stays one value, and nothing recurses.
 */
final class Unpickler {
  private static final int LATEST_PROTOCOL = 5;
  private static final int LONGEST_INTEGER = Long.BYTES;
  private static final int MOST_REMEMBERED = Integer.MAX_VALUE - 8;

  private final PickleInput in;
  private final Builder builder;
  private final List<PickleValue> stack = new ArrayList<>();
  private PickleValue[] memo = {};
  private int memoized;

  private Unpickler(PickleInput in, Builder builder) {
    this.in = in;
    this.builder = builder;
  }

  /**
   * The value of the pickle that begins where {@code in} stands; afterwards {@code in} stands
   * behind it.
   *
   * @throws dev.sluice.io.ModelFileException when it is damaged, or names what is not allowed
   */
  static PickleValue read(PickleInput in, Builder builder) {
    Unpickler unpickler = new Unpickler(in, builder);
    int opcode = in.opcode();
    while (opcode != Opcodes.STOP) {
      unpickler.run(opcode);
      opcode = in.opcode();
    }
    return unpickler.pop();
  }

  private void run(int opcode) {
    switch (opcode) {
      case Opcodes.PROTO -> requireProtocol(in.byte1());
      case Opcodes.FRAME -> in.long8();
      case Opcodes.MARK -> push(Plain.MARK);
      case Opcodes.POP -> pop();
      case Opcodes.POP_MARK -> popToMark();

      case Opcodes.NONE -> push(Plain.NONE);
      case Opcodes.NEWTRUE -> push(Plain.TRUE);
      case Opcodes.NEWFALSE -> push(Plain.FALSE);
      case Opcodes.BININT -> push(new Whole(in.int4()));
      case Opcodes.BININT1 -> push(new Whole(in.byte1()));
      case Opcodes.BININT2 -> push(new Whole(in.short2()));
      case Opcodes.LONG1 -> pushInteger(in.byte1());
      case Opcodes.LONG4 -> pushInteger(in.unsigned4());
      case Opcodes.BINFLOAT -> pushOther(Double.BYTES);

      case Opcodes.BINUNICODE, Opcodes.BINSTRING -> push(new Text(in.text(in.unsigned4())));
      case Opcodes.SHORT_BINUNICODE, Opcodes.SHORT_BINSTRING -> push(new Text(in.text(in.byte1())));
      case Opcodes.BINUNICODE8 -> push(new Text(in.text(in.long8())));
      case Opcodes.BINBYTES -> pushOther(in.unsigned4());
      case Opcodes.SHORT_BINBYTES -> pushOther(in.byte1());
      case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> pushOther(in.long8());

      case Opcodes.GLOBAL -> push(AllowList.find(in, in.line(), in.line()));
      case Opcodes.STACK_GLOBAL -> pushNamed();
      case Opcodes.REDUCE, Opcodes.NEWOBJ -> call();
      case Opcodes.NEWOBJ_EX -> {
        pop(); // named arguments: none of what is allowed has any that matter
        call();
      }
      case Opcodes.BUILD -> build();
      case Opcodes.BINPERSID -> push(builder.storage(popTuple()));

      case Opcodes.BINPUT -> memoize(in.byte1());
      case Opcodes.LONG_BINPUT -> memoize(in.unsigned4());
      case Opcodes.MEMOIZE -> memoize(memoized);
      case Opcodes.BINGET -> push(remembered(in.byte1()));
      case Opcodes.LONG_BINGET -> push(remembered(in.unsigned4()));
      default -> runOnContainers(opcode);
    }
  }

  private void runOnContainers(int opcode) {
    switch (opcode) {
      case Opcodes.EMPTY_TUPLE -> push(Tuple.EMPTY);
      case Opcodes.TUPLE -> push(new Tuple(popToMark()));
      case Opcodes.TUPLE1 -> push(new Tuple(List.of(pop())));
      case Opcodes.TUPLE2 -> push(new Tuple(pop(2)));
      case Opcodes.TUPLE3 -> push(new Tuple(pop(3)));

      case Opcodes.EMPTY_LIST -> push(new Sequence());
      case Opcodes.LIST -> {
        List<PickleValue> items = popToMark();
        push(new Sequence());
        append(items);
      }
      case Opcodes.APPEND -> append(List.of(pop()));
      case Opcodes.APPENDS -> append(popToMark());

      case Opcodes.EMPTY_DICT -> push(new Dict());
      case Opcodes.DICT -> {
        List<PickleValue> keysAndValues = popToMark();
        push(new Dict());
        put(keysAndValues);
      }
      case Opcodes.SETITEM -> put(pop(2));
      case Opcodes.SETITEMS -> put(popToMark());

      case Opcodes.EMPTY_SET -> push(Plain.OTHER);
      case Opcodes.ADDITEMS -> popToMark();
      case Opcodes.FROZENSET -> {
        popToMark();
        push(Plain.OTHER);
      }
      default -> throw in.malformed("has the unknown opcode 0x%02x".formatted(opcode));
    }
  }

  private void requireProtocol(int protocol) {
    if (protocol > LATEST_PROTOCOL) {
      throw in.malformed("is written in protocol %d of pickle".formatted(protocol));
    }
  }

  private void pushInteger(long length) {
    if (length <= LONGEST_INTEGER) {
      push(new Whole(in.integer((int) length)));
    } else {
      pushOther(length);
    }
  }

  private void pushOther(long length) {
    in.skip(length);
    push(Plain.OTHER);
  }

  private void pushNamed() {
    List<PickleValue> names = pop(2);
    if (!(names.getFirst() instanceof Text(String module))
        || !(names.getLast() instanceof Text(String name))) {
      throw in.malformed("names something by what is no text");
    }
    push(AllowList.find(in, module, name));
  }

  private void call() {
    Tuple arguments = popTuple();
    push(builder.call(pop(), arguments));
  }

  /**
   * Python would set attributes, or call the object's own method. Here only the modules of
   * TorchScript have any that matter; that of a state dict only says its version.
   */
  private void build() {
    PickleValue state = pop();
    if (top() instanceof ScriptModule module && state instanceof Dict attributes) {
      module.setAttributes(attributes);
    }
  }

  private void append(List<PickleValue> items) {
    PickleValue top = top();
    if (top instanceof Sequence list) {
      items.forEach(list::add);
    } else if (top != Plain.OTHER) {
      throw in.malformed("appends to " + top.kind());
    }
  }

  private void put(List<PickleValue> keysAndValues) {
    if (keysAndValues.size() % 2 != 0) {
      throw in.malformed("has a key without a value");
    }
    PickleValue top = top();
    if (top instanceof Dict dict) {
      for (int i = 0; i < keysAndValues.size(); i += 2) {
        PickleValue key = keysAndValues.get(i);
        if (!dict.add(key, keysAndValues.get(i + 1))) {
          throw in.malformed("has the key %s twice".formatted(shown(((Text) key).text())));
        }
      }
    } else if (top != Plain.OTHER) {
      throw in.malformed("puts keys into " + top.kind());
    }
  }

  private void memoize(long index) {
    // Python counts what it remembers, so no index reaches the number of bytes so far.
    if (index > in.position() || index >= MOST_REMEMBERED) {
      throw in.malformed("remembers value number %d".formatted(index));
    }
    if (index >= memo.length) {
      memo = Arrays.copyOf(memo, (int) Math.min(2 * index + 16, MOST_REMEMBERED));
    }
    memo[(int) index] = top();
    memoized++;
  }

  private PickleValue remembered(long index) {
    if (index >= memo.length || memo[(int) index] == null) {
      throw in.malformed("recalls value number %d, which it never kept".formatted(index));
    }
    return memo[(int) index];
  }

  private void push(PickleValue value) {
    stack.add(value);
  }

  private PickleValue top() {
    if (stack.isEmpty() || stack.getLast() == Plain.MARK) {
      throw in.malformed("takes a value from an empty stack");
    }
    return stack.getLast();
  }

  private PickleValue pop() {
    PickleValue value = top();
    stack.removeLast();
    return value;
  }

  private Tuple popTuple() {
    PickleValue value = pop();
    if (!(value instanceof Tuple tuple)) {
      throw in.malformed("needs a tuple and has " + value.kind());
    }
    return tuple;
  }

  /** The topmost {@code count} values, the topmost last. */
  private List<PickleValue> pop(int count) {
    PickleValue[] values = new PickleValue[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return List.of(values);
  }

  /** What stands above the last mark, which goes too. */
  private List<PickleValue> popToMark() {
    int mark = stack.lastIndexOf(Plain.MARK);
    if (mark < 0) {
      throw in.malformed("looks for a mark that is not on the stack");
    }
    List<PickleValue> values = List.copyOf(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return values;
  }
}
