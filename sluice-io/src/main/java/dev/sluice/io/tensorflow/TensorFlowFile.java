package dev.sluice.io.tensorflow;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Variables of TensorFlow 1, open for reading: a checkpoint of version 2, by its prefix ({@code
 * model.ckpt-899}), any of its files, the folder it is in, or a SavedModel; or a frozen graph, whose constants
 * they are.
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
      Pattern.compile(
          "^model_checkpoint_path: \"(?:[^\"]*[/\\\\])?([^\"/\\\\]+)\"", Pattern.MULTILINE);

  private static final String SAVED_MODEL = "saved_model.pb";
  private static final String VARIABLES = "variables";

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
    Path file = file(path);
    Arena arena = Arena.ofShared();
    try {
      return new TensorFlowFile(file, arena);
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

  /** The index of the checkpoint that {@code path} means, or a frozen graph. */
  private static Path file(Path path) {
    if (Files.isDirectory(path)) {
      return inFolder(path);
    }
    if (path.endsWith(SAVED_MODEL)) {
      return inFolder(path.resolveSibling(VARIABLES));
    }
    Matcher beside = BESIDE_INDEX.matcher(path.toString());
    if (beside.matches()) {
      return Path.of(beside.group(1) + Bundle.INDEX);
    }
    Path index = Path.of(path + Bundle.INDEX);
    return Files.exists(index) ? index : path;
  }

  /** The index of the newest checkpoint of a folder, of the only one, or of that of a SavedModel. */
  private static Path inFolder(Path folder) {
    Path list = folder.resolve("checkpoint");
    Path variables = folder.resolve(VARIABLES);
    try {
      if (Files.isRegularFile(list) && Files.size(list) < LONGEST_LIST) {
        return newest(list);
      }
      List<Path> indexes = indexes(Files.isDirectory(variables) ? variables : folder);
      if (indexes.size() == 1) {
        return indexes.getFirst();
      }
      throw new ModelFileException(
          folder,
          indexes.isEmpty()
              ? "is a folder without a checkpoint of TF1; name the file"
              : "has %d checkpoints; name one of them, such as %s"
                  .formatted(indexes.size(), shown(indexes.getFirst().getFileName() + "")));
    } catch (IOException e) {
      throw ModelFileException.refused(folder, "read", e);
    }
  }

  private static List<Path> indexes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(Bundle.INDEX)).sorted().toList();
    }
  }

  /** Whatever folder the checkpoint was saved in, it is in that of the list now. */
  private static Path newest(Path list) throws IOException {
    Matcher newest = NEWEST.matcher(new String(Files.readAllBytes(list), StandardCharsets.UTF_8));
    if (!newest.find()) {
      throw new ModelFileException(
          list, "names no newest checkpoint; name the file that ends in .index");
    }
    try {
      return list.resolveSibling(newest.group(1) + Bundle.INDEX);
    } catch (InvalidPathException e) {
      throw new ModelFileException(
          list, "names the impossible file %s".formatted(shown(newest.group(1))), e);
    }
  }
}
