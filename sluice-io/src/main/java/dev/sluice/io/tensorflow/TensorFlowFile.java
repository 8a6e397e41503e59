package dev.sluice.io.tensorflow;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables of TensorFlow 1, open for reading: a checkpoint of version 2, by its prefix ({@code
 * model.ckpt-899}), any of its files, or the folder it is in; or a frozen graph, whose constants they are.
 * Numbers are mapped and not loaded. All checksums are proved when it is opened.
 *
 * <p>For the recurrent cells among the variables see {@link TensorFlowCells}.
 */
public final class TensorFlowFile implements TensorFile {
  /** The other files of a checkpoint. */
  private static final Pattern BESIDE_INDEX =
      Pattern.compile("(.*)\\.(?:meta|data-\\d{5}-of-\\d{5})");

  /** Which checkpoint of a folder is the newest. */
  private static final Pattern NEWEST =
      Pattern.compile("^model_checkpoint_path: \"([^\"]*)\"", Pattern.MULTILINE);

  private static final int LONGEST_LIST = 1 << 20;

  private final Path file;
  private final Arena arena;
  private final Contents contents;

  private TensorFlowFile(Path file, Arena arena) {
    this.file = file;
    this.arena = arena;
    contents =
        file.toString().endsWith(Bundle.INDEX)
            ? Bundle.read(file, arena)
            : FrozenGraph.read(file, arena);
  }

  /**
   * Opens the checkpoint or graph at {@code path}.
   *
   * @throws ModelFileException when it is missing, damaged, of another kind, or not complete
   */
  public static TensorFlowFile open(Path path) {
    Path file = Files.isDirectory(path) ? inFolder(path) : path;
    Matcher beside = BESIDE_INDEX.matcher(file.toString());
    Path prefix = beside.matches() ? Path.of(beside.group(1)) : file;
    Path index = Path.of(prefix + Bundle.INDEX);
    Arena arena = Arena.ofShared();
    try {
      return new TensorFlowFile(Files.exists(index) ? index : file, arena);
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
    return Collections.unmodifiableSequencedMap(contents.tensors());
  }

  /** Names of what is of a type that is not read, such as text. */
  public List<String> unread() {
    return Collections.unmodifiableList(contents.unread());
  }

  @Override
  public void close() {
    arena.close();
  }

  /** The newest checkpoint of a folder, or that of a SavedModel. */
  private static Path inFolder(Path folder) {
    Path variables = folder.resolve("variables").resolve("variables");
    if (Files.exists(Path.of(variables + Bundle.INDEX))) {
      return variables;
    }
    Path list = folder.resolve("checkpoint");
    try {
      if (Files.isRegularFile(list) && Files.size(list) < LONGEST_LIST) {
        Matcher newest =
            NEWEST.matcher(new String(Files.readAllBytes(list), StandardCharsets.UTF_8));
        if (newest.find()) {
          // whatever folder it was saved in, it is in this one now
          String name = newest.group(1);
          return folder.resolve(name.substring(name.lastIndexOf('/') + 1));
        }
      }
    } catch (IOException e) {
      throw ModelFileException.refused(list, "read", e);
    }
    throw new ModelFileException(
        folder, "lists no checkpoint; name the file that ends in .index, or a frozen graph");
  }
}
