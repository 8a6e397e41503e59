package dev.sluice.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A flat directory of files that is written as a whole or not at all, whenever the process or the
 * machine stops. It knows which files belong in it and nothing of what they mean.
 *
 * <p>To replace {@code out}, all beside it in the same parent:
 *
 * <ol>
 *   <li>write every file into the new directory {@code .out.tmp-ID} and flush it to the disk;
 *   <li>rename {@code out}, if there is one, to {@code .out.old};
 *   <li>rename {@code .out.tmp-ID} to {@code out};
 *   <li>delete {@code .out.old}, its {@code config.json} first.
 * </ol>
 *
 * <p>Until step 2 {@code out} is the complete old directory, from step 3 on the complete new one.
 * In between (no call that Java offers swaps two directories) {@code out} is missing and {@code
 * .out.old} is complete: there {@link #current} sends a reader, and from there the next {@link
 * #write} puts it back first. A temporary directory left by a killed process is never read; a
 * {@code write} deletes those older than a day. Processes must take turns to write one directory:
 * of two at once, one may fail.
 */
public final class AtomicDirectory {
  /** The file without which a directory is not a model. */
  private static final String MARKER = "config.json";

  /** Longer than any process works on its temporary directory. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** Writes the content of a directory. */
  @FunctionalInterface
  public interface Content {
    /** Creates the files directly in {@code directory}, which is empty. */
    void writeTo(Path directory) throws IOException;
  }

  private final Path given;
  private final Path target;
  private final Set<String> files;

  private AtomicDirectory(Path given, Set<String> files) throws IOException {
    this.given = given;
    this.target = resolved(given);
    this.files = Set.copyOf(files);
  }

  /**
   * The directory {@code target}, which need not exist. Asked for before the work whose result it
   * is to hold, it refuses at once what would be refused at the end.
   *
   * @param files the names of all files that may be in it, {@code config.json} among them
   * @throws ModelFileException when {@code target} cannot be written, or exists and is neither
   *     empty nor a directory of {@code config.json} and other {@code files} only: what it holds
   *     is not a model's, and would be lost
   */
  public static AtomicDirectory at(Path target, Set<String> files) {
    if (!files.contains(MARKER)) {
      throw new IllegalArgumentException(MARKER + " is not among " + files);
    }
    try {
      AtomicDirectory directory = new AtomicDirectory(target, files);
      directory.requireWritable();
      directory.requireReplaceable();
      return directory;
    } catch (IOException e) {
      throw ModelFileException.refused(target, "written", e);
    }
  }

  /**
   * Where the complete content of {@code target} is to be read: {@code target} itself, or what a
   * process killed between two renames has left of it.
   */
  public static Path current(Path target) {
    if (exists(target)) {
      return target;
    }
    Path old = sibling(target.toAbsolutePath().normalize(), ".old");
    return isModel(old) ? old : target;
  }

  /**
   * Writes {@code content} and puts it in the place of what was there. When that fails, the old
   * content stays and nothing of the new is left behind.
   *
   * @throws ModelFileException when the file system refuses, or what was there is no model any more
   * @throws IllegalArgumentException when {@code content} writes no {@code config.json}, or a file
   *     that is not among those announced
   */
  public void write(Content content) {
    try {
      Files.createDirectories(parent(target));
      requireReplaceable();
      recover();
      deleteAbandoned();
      Path temporary = sibling(target, ".tmp-" + UUID.randomUUID());
      try {
        Files.createDirectory(temporary);
        content.writeTo(temporary);
        flush(temporary);
        publish(temporary);
      } catch (IOException | RuntimeException | Error e) {
        discard(temporary, e);
        throw e;
      }
    } catch (IOException e) {
      throw ModelFileException.refused(given, "written", e);
    }
  }

  /** Whether there is something that {@link #write} would replace. */
  boolean holdsModel() {
    return isModel(target);
  }

  /** Finishes what a killed process began: puts the old content back, or deletes the rest of it. */
  private void recover() throws IOException {
    Path old = sibling(target, ".old");
    if (isModel(old) && !isModel(target)) {
      Durable.rename(old, target); // which is missing, or an empty folder since
    } else if (exists(old)) {
      delete(old);
    }
  }

  /** Puts the complete {@code temporary} in the place of the target: steps 2 to 4. */
  private void publish(Path temporary) throws IOException {
    Path old = sibling(target, ".old");
    boolean replaces = isModel(target);
    if (replaces) {
      Durable.rename(target, old);
    }
    try {
      Durable.rename(temporary, target);
    } catch (IOException e) {
      if (replaces) {
        Durable.rename(old, target);
      }
      throw e;
    }
    Durable.force(parent(target));
    if (replaces) {
      try {
        delete(old);
      } catch (IOException e) {
        // The new content is in place; what is left of the old goes with the next write.
      }
    }
  }

  /** Brings {@code directory} to the disk, once it is one that may be replaced in its turn. */
  private void flush(Path directory) throws IOException {
    if (!isModel(directory)) {
      throw new IllegalArgumentException("no %s was written".formatted(MARKER));
    }
    for (Path file : list(directory)) {
      if (!belongs(file)) {
        throw new IllegalArgumentException("%s is not among %s".formatted(file, files));
      }
      Durable.force(file);
    }
    Durable.force(directory);
  }

  private void requireWritable() throws IOException {
    Path folder = parent(target);
    while (!exists(folder)) {
      folder = parent(folder);
    }
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new ModelFileException(
          given,
          "cannot be written (%s is not a writable folder); choose another --model"
              .formatted(folder));
    }
  }

  private void requireReplaceable() throws IOException {
    if (!exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw notAModel("exists and is not a model directory (it is a file)");
    }
    List<Path> present = list(target);
    if (!present.isEmpty() && !isModel(target)) {
      throw notAModel("exists and is not a model directory (it has no %s)".formatted(MARKER));
    }
    for (Path file : present) {
      if (!belongs(file)) {
        throw notAModel(
            "holds %s, which is no part of a model and would be lost"
                .formatted(file.getFileName()));
      }
    }
  }

  private ModelFileException notAModel(String problem) {
    return new ModelFileException(given, problem + "; choose another --model");
  }

  private boolean belongs(Path file) {
    return files.contains(String.valueOf(file.getFileName())) && Files.isRegularFile(file);
  }

  private void deleteAbandoned() throws IOException {
    String prefix = String.valueOf(sibling(target, ".tmp-").getFileName());
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    for (Path path : list(parent(target))) {
      if (String.valueOf(path.getFileName()).startsWith(prefix)
          && Files.getLastModifiedTime(path).compareTo(limit) < 0) {
        delete(path);
      }
    }
  }

  private static void discard(Path temporary, Throwable failure) {
    try {
      if (exists(temporary)) {
        delete(temporary);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Deletes {@code directory}, by its marker first: what is left half deleted is not a model. */
  private static void delete(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(MARKER));
    List<Path> children;
    try (Stream<Path> tree = Files.walk(directory)) {
      children = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : children) {
      Files.delete(path);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    }
  }

  private static boolean isModel(Path directory) {
    return Files.isRegularFile(directory.resolve(MARKER));
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Without links at its end, so that renaming moves the directory and not a link to it. */
  private static Path resolved(Path target) throws IOException {
    return Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static Path sibling(Path path, String suffix) {
    return parent(path).resolve("." + path.getFileName() + suffix);
  }
}
