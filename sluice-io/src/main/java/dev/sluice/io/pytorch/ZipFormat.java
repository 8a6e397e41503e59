package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.ZipArchive;
import dev.sluice.io.pytorch.PickleValue.Storage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/**
 * The format of {@code torch.save} since PyTorch 1.6, and of TorchScript since 1.4: a zip file with
 * all entries in one folder, of any name:
 *
 * <pre>{@code
 * archive/data.pkl     the pickle
 * archive/data/0       the numbers of the storage "0", and so on
 * archive/byteorder    "little", since 2.1
 * }</pre>
 *
 * The rest (version, TorchScript's code and constants) is not read.
 */
final class ZipFormat implements Container {
  private static final String PICKLE = "data.pkl";

  private final Path file;
  private final ZipArchive zip;
  private final String folder;
  private final PickleValue root;

  ZipFormat(Path file, MemorySegment bytes) {
    this.file = file;
    this.zip = new ZipArchive(file, bytes, "PyTorch");
    this.folder = folder();
    requireLittleEndian();
    PickleInput in = new PickleInput(file, " of " + PICKLE, entry(folder + PICKLE));
    this.root = Unpickler.read(in, new Builder(in));
  }

  @Override
  public PickleValue root() {
    return root;
  }

  @Override
  public MemorySegment numbers(Storage storage) {
    MemorySegment numbers = entry(folder + "data/" + storage.key());
    int each = storage.type().bytes();
    if (numbers.byteSize() % each != 0 || numbers.byteSize() / each != storage.elements()) {
      throw new ModelFileException(
          file,
          "the entry %s has %d bytes, but should hold %d numbers of %s; the file is damaged"
              .formatted(
                  shown(folder + "data/" + storage.key()),
                  numbers.byteSize(),
                  storage.elements(),
                  storage.type()));
    }
    return numbers;
  }

  private String folder() {
    List<String> pickles =
        zip.names().stream()
            .filter(name -> name.endsWith("/" + PICKLE))
            .filter(name -> name.indexOf('/') == name.length() - PICKLE.length() - 1)
            .toList();
    if (pickles.size() != 1) {
      boolean old = zip.names().stream().anyMatch(name -> name.endsWith("/model.json"));
      throw new ModelFileException(
          file,
          old
              ? "is TorchScript of PyTorch 1.3 or older; load it in a newer one and save it anew"
              : "is a zip file with %d entries FOLDER/data.pkl where torch.save writes one; is it a"
                      .formatted(pickles.size())
                  + " file of another program?");
    }
    String pickle = pickles.getFirst();
    return pickle.substring(0, pickle.length() - PICKLE.length());
  }

  private void requireLittleEndian() {
    zip.find(folder + "byteorder")
        .map(bytes -> bytes.toArray(ValueLayout.JAVA_BYTE))
        .filter(order -> order.length > 0 && order[0] == 'b')
        .ifPresent(
            big -> {
              throw new ModelFileException(file, LegacyFormat.BIG_ENDIAN);
            });
  }

  private MemorySegment entry(String name) {
    return zip.find(name)
        .orElseThrow(
            () ->
                new ModelFileException(
                    file, "the entry %s is missing; the file is damaged".formatted(shown(name))));
  }
}
