package dev.sluice.io.pytorch;

import dev.sluice.io.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a pickle may hold: plain values, inert stand-ins, and descriptions of tensors. None of it
 * can do anything. What no weights depend on, such as a learning rate, is {@link Plain#OTHER}.
 *
 * <p>A hostile pickle may nest values a million deep, or into themselves: no method here goes down
 * into values, and none may be compared or printed but by {@link #kind}.
 */
sealed interface PickleValue {
  /** What it is, for messages. */
  String kind();

  /** Values that need no memory of their own. */
  enum Plain implements PickleValue {
    NONE,
    TRUE,
    FALSE,
    /** Something harmless of no use here: a float, bytes, a set, a device, a numpy number. */
    OTHER,
    /** Only on the stack of the {@link Unpickler}: where a tuple, list or dict begins. */
    MARK;

    @Override
    public String kind() {
      return "a plain value";
    }
  }

  /** A string. */
  record Text(String text) implements PickleValue {
    @Override
    public String kind() {
      return "a text";
    }
  }

  /** An integer that fits 64 bits. */
  record Whole(long number) implements PickleValue {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** A tuple, which cannot change. */
  record Tuple(List<PickleValue> items) implements PickleValue {
    static final Tuple EMPTY = new Tuple(List.of());

    @Override
    public String kind() {
      return "a tuple";
    }
  }

  /** A list. */
  final class Sequence implements PickleValue {
    private List<PickleValue> items = new ArrayList<>();

    void add(PickleValue item) {
      items.add(item);
    }

    List<PickleValue> items() {
      return Collections.unmodifiableList(items);
    }

    List<PickleValue> removeAll() {
      List<PickleValue> removed = items;
      items = new ArrayList<>();
      return removed;
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A dict, ordered or not, of which only the entries under texts are kept. */
  final class Dict implements PickleValue {
    // Made when it is needed: a hostile file may hold a million empty dicts.
    private SequencedMap<String, PickleValue> entries = Collections.emptyNavigableMap();
    private boolean hasOtherKeys;

    /** Adds an entry; false when the key is taken. */
    boolean add(PickleValue key, PickleValue value) {
      if (!(key instanceof Text(String name))) {
        hasOtherKeys = true;
        return true;
      }
      if (entries.isEmpty()) {
        entries = LinkedHashMap.newLinkedHashMap(1);
      }
      return entries.putIfAbsent(name, value) == null;
    }

    SequencedMap<String, PickleValue> entries() {
      return Collections.unmodifiableSequencedMap(entries);
    }

    /** Whether a key is a number or something else that is no text, as in an optimizer's state. */
    boolean hasOtherKeys() {
      return hasOtherKeys;
    }

    @Override
    public String kind() {
      return "a dict";
    }
  }

  /** What the pickle may call, by what comes of it. */
  enum Constructor implements PickleValue {
    DICT,
    TENSOR,
    PARAMETER,
    TENSOR_OF_TYPE,
    SCRIPT_MODULE;

    @Override
    public String kind() {
      return "a constructor";
    }
  }

  /** {@code torch.FloatStorage} and its like. */
  record StorageType(TensorType type) implements PickleValue {
    @Override
    public String kind() {
      return "a type of storage";
    }
  }

  /**
   * The numbers of one or more tensors, somewhere in the file.
   *
   * @param elements as the pickle says; to be compared with what is there
   */
  record Storage(String key, TensorType type, long elements) implements PickleValue {
    @Override
    public String kind() {
      return "a storage";
    }
  }

  /**
   * A tensor: a view of a storage, inside it by {@link Builder}'s checks.
   *
   * @param offset of its first value in the storage
   * @param shape whole numbers, as many as {@code strides}
   * @param strides how many values apart neighbours along each dimension are
   */
  record TensorView(Storage storage, long offset, Tuple shape, Tuple strides)
      implements PickleValue {
    int dimensions() {
      return shape.items.size();
    }

    long size(int dimension) {
      return ((Whole) shape.items.get(dimension)).number;
    }

    long stride(int dimension) {
      return ((Whole) strides.items.get(dimension)).number;
    }

    @Override
    public String kind() {
      return "a single tensor";
    }
  }

  /** A module of TorchScript: parameters, buffers and modules by their names. */
  final class ScriptModule implements PickleValue {
    private Dict attributes = new Dict();

    void setAttributes(Dict attributes) {
      this.attributes = attributes;
    }

    Dict attributes() {
      return attributes;
    }

    @Override
    public String kind() {
      return "a TorchScript module";
    }
  }
}
