package dev.sluice.io;

import dev.sluice.train.TrainingState;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last states of a training, each a file that is there as a whole or not at all:
 *
 * <pre>
 *   epoch-000002-batch-000000150-1f0c54a1b2c3d4e5.safetensors     epochs done, batches of the next
 * </pre>
 *
 * <p>A state is written under another name, flushed to the disk, and renamed. Its name ends with a
 * checksum of all its bytes, so a damaged file is known by itself, and the one before takes its place.
 * One process at a time writes here.
 */
public final class CheckpointDirectory {
  private static final String SUFFIX = ".safetensors";
  private static final String TEMPORARY = ".next.tmp";
  private static final Pattern NAME =
      Pattern.compile("epoch-\\d{6,}-batch-\\d{9,}-([0-9a-f]{16})\\.safetensors");

  /** Opens a file that is to be written; a seam for disks that run full. */
  @FunctionalInterface
  interface Opener {
    WritableByteChannel open(Path file) throws IOException;
  }

  private final Path folder;
  private final int kept;
  private final Opener opener;

  /**
   * The states in {@code folder}, which need not exist.
   *
   * @param kept how many to keep, at least 1
   */
  public CheckpointDirectory(Path folder, int kept) {
    this(
        folder,
        kept,
        file ->
            Files.newByteChannel(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
  }

  CheckpointDirectory(Path folder, int kept, Opener opener) {
    this.folder = folder;
    this.kept = kept;
    this.opener = opener;
  }

  /**
   * Adds {@code state} and deletes those that are too many. When that fails, those that are there stay.
   *
   * @param data identifies what the run learns from
   * @throws ModelFileException when the file system refuses
   */
  public void save(String data, TrainingState state) {
    Path temporary = folder.resolve(TEMPORARY);
    try {
      Files.createDirectories(folder);
      String checksum;
      try (WritableByteChannel out = opener.open(temporary)) {
        checksum = new CheckpointFile(data, state).write(out);
      }
      Durable.force(temporary);
      String name =
          "epoch-%06d-batch-%09d-%s%s"
              .formatted(state.position().epoch(), state.position().batch(), checksum, SUFFIX);
      Durable.rename(temporary, folder.resolve(name));
      Durable.force(folder);
      keep(kept);
    } catch (IOException e) {
      deleteQuietly(temporary, e);
      throw ModelFileException.refused(folder, "written", e);
    }
  }

  /**
   * The newest state whose bytes are as they were written. Damaged ones that are newer are deleted.
   *
   * @param data identifies what the run learns from now
   * @param warnings are told of each damaged one
   * @return nothing when there is none
   * @throws ModelFileException when it was saved by a run on other data, or cannot be read
   */
  public Optional<TrainingState> newest(String data, Consumer<String> warnings) {
    try {
      for (Path file : files().reversed()) {
        if (isWhole(file)) {
          return Optional.of(read(file, data));
        }
        warnings.accept(
            "%s is damaged (its bytes are not those that were written); going back to the one before"
                .formatted(file));
        Files.delete(file);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw ModelFileException.refused(folder, "read", e);
    }
  }

  /** Where the run is that the newest state is of, unless it has reached its end; nothing is changed. */
  Optional<TrainingState.Position> unfinished() {
    try {
      for (Path file : files().reversed()) {
        if (isWhole(file)) {
          TrainingState state = CheckpointFile.read(file).state();
          return state.finished() ? Optional.empty() : Optional.of(state.position());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw ModelFileException.refused(folder, "read", e);
    }
  }

  /**
   * Deletes all but the newest {@code count}.
   *
   * @throws ModelFileException when the file system refuses
   */
  public void deleteAllBut(int count) {
    try {
      keep(count);
    } catch (IOException e) {
      throw ModelFileException.refused(folder, "written", e);
    }
  }

  private void keep(int count) throws IOException {
    List<Path> files = files();
    for (Path file : files.subList(0, Math.max(0, files.size() - count))) {
      Files.deleteIfExists(file);
    }
  }

  private static TrainingState read(Path file, String data) {
    CheckpointFile checkpoint = CheckpointFile.read(file);
    if (!checkpoint.data().equals(data)) {
      throw new ModelFileException(
          file,
          "the run learned from other data (%s) than now (%s); put the files back, or start anew"
              .formatted(checkpoint.data(), data));
    }
    return checkpoint.state();
  }

  private static boolean isWhole(Path file) throws IOException {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches() && name.group(1).equals(CheckpointFile.checksum(file));
  }

  /** The complete files, the oldest first. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
          .sorted()
          .toList();
    }
  }

  private static void deleteQuietly(Path file, IOException failure) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
