package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.TensorType;
import dev.sluice.io.pytorch.PickleValue.Constructor;
import dev.sluice.io.pytorch.PickleValue.Dict;
import dev.sluice.io.pytorch.PickleValue.Plain;
import dev.sluice.io.pytorch.PickleValue.ScriptModule;
import dev.sluice.io.pytorch.PickleValue.Sequence;
import dev.sluice.io.pytorch.PickleValue.Storage;
import dev.sluice.io.pytorch.PickleValue.StorageType;
import dev.sluice.io.pytorch.PickleValue.TensorView;
import dev.sluice.io.pytorch.PickleValue.Text;
import dev.sluice.io.pytorch.PickleValue.Tuple;
import dev.sluice.io.pytorch.PickleValue.Whole;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes of calling what {@link AllowList} allows: dicts, and tensors that are proved to lie
 * inside their storages as far as the pickle describes these; and which storages it described.
 */
final class Builder {
  /** Tensors of weights have up to five; the bound keeps small what a tensor costs. */
  private static final int MOST_DIMENSIONS = 8;

  private final PickleInput in;
  private final Map<String, Storage> storages = new HashMap<>();

  /** Refuses in the name of {@code in}, and of the opcode it stands at. */
  Builder(PickleInput in) {
    this.in = in;
  }

  /** What {@code callee(*arguments)} gives. */
  PickleValue call(PickleValue callee, Tuple arguments) {
    if (callee == Plain.OTHER) {
      return Plain.OTHER;
    }
    if (!(callee instanceof Constructor constructor)) {
      throw in.malformed("calls " + callee.kind());
    }
    return switch (constructor) {
      case DICT -> dict(arguments);
      case TENSOR -> tensor(arguments);
      case PARAMETER -> parameter(arguments);
      case TENSOR_OF_TYPE -> tensorOfType(arguments);
      case SCRIPT_MODULE -> new ScriptModule();
    };
  }

  /** Python 2 hands an ordered dict its items; later ones put them in afterwards. */
  private Dict dict(Tuple arguments) {
    Dict dict = new Dict();
    if (!arguments.items().isEmpty() && arguments.items().getFirst() instanceof Sequence pairs) {
      // A list that a hostile pickle hands over again and again is empty the second time.
      for (PickleValue pair : pairs.removeAll()) {
        if (!(pair instanceof Sequence item)
            || item.items().size() != 2
            || !dict.add(item.items().getFirst(), item.items().getLast())) {
          throw in.malformed("makes a dict of what are no keys and values");
        }
      }
    }
    return dict;
  }

  /** The storage that the pickle calls ("storage", type, key, device, elements). */
  Storage storage(Tuple name) {
    List<PickleValue> parts = name.items();
    if (parts.size() < 5
        || !(parts.get(1) instanceof StorageType(TensorType type))
        || !(parts.get(2) instanceof Text(String key))
        || !(parts.get(4) instanceof Whole(long elements))
        || elements < 0) {
      throw in.malformed("names a storage in an unknown way");
    }
    if (parts.size() > 5 && parts.get(5) != Plain.NONE) {
      throw in.refused(
          ("shares a storage in a way that PyTorch gave up in 2017 %s; load it in PyTorch and save"
                  + " it anew")
              .formatted(in.place()));
    }
    Storage storage = new Storage(key, type, elements);
    if (!storages.computeIfAbsent(key, k -> storage).equals(storage)) {
      throw in.malformed("gives the storage %s two types or sizes".formatted(shown(key)));
    }
    return storage;
  }

  /** Every storage that was named, by its key. */
  Map<String, Storage> storages() {
    return Collections.unmodifiableMap(storages);
  }

  private TensorView tensorOfType(Tuple arguments) {
    List<PickleValue> parts = arguments.items(); // constructor, type, its arguments, attributes
    if (parts.size() < 3
        || parts.getFirst() != Constructor.TENSOR
        || !(parts.get(2) instanceof Tuple ofTensor)) {
      throw in.malformed("makes a tensor in an unknown way");
    }
    return tensor(ofTensor);
  }

  private TensorView parameter(Tuple arguments) {
    if (arguments.items().isEmpty()
        || !(arguments.items().getFirst() instanceof TensorView tensor)) {
      throw in.malformed("makes a parameter of what is no tensor");
    }
    return tensor;
  }

  /** A tensor from (storage, offset, shape, strides, ...). */
  private TensorView tensor(Tuple arguments) {
    List<PickleValue> parts = arguments.items();
    if (parts.size() < 4
        || !(parts.get(0) instanceof Storage storage)
        || !(parts.get(1) instanceof Whole(long offset))
        || !(parts.get(2) instanceof Tuple shape)
        || !(parts.get(3) instanceof Tuple strides)) {
      throw in.malformed("makes a tensor in an unknown way");
    }
    int dimensions = shape.items().size();
    if (dimensions > MOST_DIMENSIONS || strides.items().size() != dimensions) {
      throw in.malformed(
          "makes a tensor of %d dimensions (at most %d) with %d strides"
              .formatted(dimensions, MOST_DIMENSIONS, strides.items().size()));
    }
    requireNumbers(shape, Integer.MAX_VALUE);
    requireNumbers(strides, Long.MAX_VALUE);
    TensorView tensor = new TensorView(storage, offset, shape, strides);
    requireInside(tensor);
    return tensor;
  }

  private void requireNumbers(Tuple numbers, long largest) {
    for (PickleValue item : numbers.items()) {
      if (!(item instanceof Whole(long number))) {
        throw in.malformed("gives a tensor a shape of what are no whole numbers");
      }
      if (number < 0 || number > largest) {
        throw in.malformed("gives a tensor the size or stride %d".formatted(number));
      }
    }
  }

  private void requireInside(TensorView tensor) {
    long last = tensor.offset();
    boolean empty = false;
    try {
      for (int d = 0; d < tensor.dimensions(); d++) {
        empty |= tensor.size(d) == 0;
        last = Math.addExact(last, Math.multiplyExact(tensor.size(d) - 1, tensor.stride(d)));
      }
    } catch (ArithmeticException e) {
      last = Long.MAX_VALUE;
    }
    if (tensor.offset() < 0 || (!empty && last >= tensor.storage().elements())) {
      throw in.malformed(
          "makes a tensor that reaches from value %d to %d of a storage of %d"
              .formatted(tensor.offset(), last, tensor.storage().elements()));
    }
  }
}
