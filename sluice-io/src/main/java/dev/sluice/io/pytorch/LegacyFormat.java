package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.pytorch.PickleValue.Dict;
import dev.sluice.io.pytorch.PickleValue.Plain;
import dev.sluice.io.pytorch.PickleValue.Sequence;
import dev.sluice.io.pytorch.PickleValue.Storage;
import dev.sluice.io.pytorch.PickleValue.Text;
import dev.sluice.io.pytorch.PickleValue.Whole;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The format of {@code torch.save} before PyTorch 1.6, still written on request. Five pickles one
 * after the other: a magic number, the version 1001, the writing system, the object, the keys of
 * the storages; then for each key the count of its numbers (8 bytes) and the numbers.
 */
final class LegacyFormat implements Container {
  static final String BIG_ENDIAN =
      "was written on a big-endian machine; load it in PyTorch on another one and save it anew";

  /** 0x1950a86a20f9469cfc6c, as a pickled integer of ten bytes. */
  private static final byte[] MAGIC = {
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };

  /** Where the magic number stands: behind a protocol, and from protocol 4 on behind a frame. */
  private static final int[] MAGIC_AT = {2, 11};

  private static final long VERSION = 1001;

  private final Path file;
  private final PickleValue root;
  private final Map<String, MemorySegment> numbers = new HashMap<>();

  LegacyFormat(Path file, MemorySegment bytes) {
    this.file = file;
    PickleInput in = new PickleInput(file, "", bytes);
    Builder builder = new Builder(in);
    Unpickler.read(in, builder); // the magic number
    if (!(Unpickler.read(in, builder) instanceof Whole(long version)) || version != VERSION) {
      throw in.malformed("is not of version %d".formatted(VERSION));
    }
    if (Unpickler.read(in, builder) instanceof Dict system
        && system.entries().get("little_endian") == Plain.FALSE) {
      throw in.refused(BIG_ENDIAN);
    }
    this.root = Unpickler.read(in, builder);
    if (!(Unpickler.read(in, builder) instanceof Sequence keys)) {
      throw in.malformed("does not list its storages");
    }
    for (PickleValue key : keys.items()) {
      readNumbers(bytes, in, key, builder.storages());
    }
  }

  /** Whether {@code bytes} begin as such a file does. */
  static boolean is(MemorySegment bytes) {
    return Arrays.stream(MAGIC_AT)
        .anyMatch(
            at ->
                bytes.byteSize() >= at + MAGIC.length
                    && MemorySegment.ofArray(MAGIC).mismatch(bytes.asSlice(at, MAGIC.length))
                        == -1);
  }

  @Override
  public PickleValue root() {
    return root;
  }

  @Override
  public MemorySegment numbers(Storage storage) {
    MemorySegment found = numbers.get(storage.key());
    if (found == null) {
      throw new ModelFileException(
          file, "the storage %s is missing; the file is damaged".formatted(shown(storage.key())));
    }
    return found;
  }

  private void readNumbers(
      MemorySegment bytes, PickleInput in, PickleValue key, Map<String, Storage> storages) {
    if (!(key instanceof Text(String name)) || !storages.containsKey(name)) {
      throw in.malformed("lists a storage that no tensor is in");
    }
    Storage storage = storages.get(name);
    long count = in.long8();
    if (count != storage.elements()) {
      throw in.malformed(
          "has %d numbers in the storage %s where %d should be"
              .formatted(count, shown(name), storage.elements()));
    }
    long begin = in.position();
    int each = storage.type().bytes();
    if (count > (bytes.byteSize() - begin) / each) {
      throw in.refused(
          ("the storage %s of %d numbers ends beyond the end of the file, which was cut short or is"
                  + " damaged")
              .formatted(shown(name), count));
    }
    in.skip(count * each);
    if (numbers.put(name, bytes.asSlice(begin, count * each)) != null) {
      throw in.malformed("lists the storage %s twice".formatted(shown(name)));
    }
  }
}
