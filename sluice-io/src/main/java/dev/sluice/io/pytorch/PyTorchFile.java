package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import dev.sluice.io.ZipArchive;
import dev.sluice.io.pytorch.PickleValue.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The weights in a file of PyTorch, {@code .pt} or {@code .pth}: a state dict, a checkpoint that
 * holds one under a key, or TorchScript, as {@code torch.save} and {@code torch.jit.save} write
 * them; zip files since PyTorch 1.6 and the format before. Tensors keep their names, types and
 * shapes; views of shared storages, sliced or transposed, are read as they are seen.
 *
 * <p>Such a file is a program in Python's pickle. Here it is not run: it may only name the few
 * constructors of tensors and what harmless things stand beside weights, and is refused for
 * anything else. A whole pickled module is refused too, since only its own code knows what it is.
 */
public final class PyTorchFile implements TensorFile {
  /**
   * How many times the size of the file its tensors may take. Tensors may share numbers, but a
   * file in which a view makes millions out of one number is no file of weights.
   */
  private static final long TIMES_THE_FILE = 16;

  private final Path file;
  private final Arena arena;
  private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();

  private PyTorchFile(Path file, Optional<String> key, Arena arena) {
    this.file = file;
    this.arena = arena;
    MemorySegment bytes = TensorFile.map(file, "PyTorch file", arena);
    Container container = container(file, bytes);
    long left = TIMES_THE_FILE * bytes.byteSize();
    for (var named : StateDicts.find(file, bytes.byteSize(), container.root(), key).entrySet()) {
      StoredTensor tensor = stored(named.getKey(), named.getValue(), container);
      left -= size(tensor, left);
      tensors.put(tensor.name(), tensor);
    }
  }

  /**
   * Opens {@code file} and finds its weights.
   *
   * @throws ModelFileException when it is missing, unreadable, damaged, no file of PyTorch, names
   *     what is not allowed, or holds no weights or several sets of them
   */
  public static PyTorchFile open(Path file) {
    return open(file, Optional.empty());
  }

  /**
   * Opens {@code file} and finds the weights under {@code key}: {@code "model"} for {@code
   * checkpoint["model"]}, {@code "nets.encoder"} for {@code checkpoint["nets"]["encoder"]}.
   *
   * @throws ModelFileException as {@link #open(Path)}, and when there are none under that key; the
   *     message lists the keys there are
   */
  public static PyTorchFile open(Path file, String key) {
    return open(file, Optional.of(key));
  }

  private static PyTorchFile open(Path file, Optional<String> key) {
    Arena arena = Arena.ofShared();
    try {
      return new PyTorchFile(file, key, arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public SequencedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void close() {
    arena.close();
  }

  private static Container container(Path file, MemorySegment bytes) {
    if (ZipArchive.is(bytes)) {
      return new ZipFormat(file, bytes);
    }
    if (LegacyFormat.is(bytes)) {
      return new LegacyFormat(file, bytes);
    }
    throw new ModelFileException(
        file,
        "begins neither as a zip file nor as torch.save began before PyTorch 1.6; is it a file of"
            + " PyTorch, and whole?");
  }

  private StoredTensor stored(String name, TensorView view, Container container) {
    MemorySegment numbers = container.numbers(view.storage());
    int each = view.storage().type().bytes();
    List<Integer> shape = new ArrayList<>();
    long[] strides = new long[view.dimensions()];
    for (int d = 0; d < strides.length; d++) {
      shape.add((int) view.size(d));
      strides[d] = view.stride(d);
    }
    boolean empty = shape.contains(0);
    MemorySegment from = numbers.asSlice(empty ? 0 : view.offset() * each);
    return StoredTensor.strided(file, name, view.storage().type(), shape, strides, from);
  }

  /** The bytes of {@code tensor}, if there are no more than {@code left}. */
  private long size(StoredTensor tensor, long left) {
    if (tensor.shape().contains(0)) {
      return 0;
    }
    long size = tensor.type().bytes();
    for (int dimension : tensor.shape()) {
      if (size > left / dimension) {
        throw new ModelFileException(
            file,
            ("with the tensor %s of shape %s its tensors take more than %d times the file; save"
                    + " expanded views with .contiguous()")
                .formatted(shown(tensor.name()), tensor.shape(), TIMES_THE_FILE));
      }
      size *= dimension;
    }
    return size;
  }
}
