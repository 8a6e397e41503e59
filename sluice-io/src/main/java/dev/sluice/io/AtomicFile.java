package dev.sluice.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file of the user that is written as a whole or not at all: under another name beside it, then
 * renamed. For directories of several files see {@link AtomicDirectory}.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes {@code content} in the place of what {@code file} held.
   *
   * @throws ModelFileException when the file system refuses; what was there stays
   */
  public static void write(Path file, Content content) {
    if (Files.isDirectory(file)) {
      throw new ModelFileException(file, "is a folder; name the file to write");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.exists(folder)) { // else the error would name the temporary file
      throw ModelFileException.refused(file, "written", new NoSuchFileException(folder.toString()));
    }
    Path temporary =
        file.resolveSibling(".%s.tmp-%s".formatted(file.getFileName(), UUID.randomUUID()));
    try {
      content.writeTo(temporary);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      delete(temporary, e);
      throw ModelFileException.refused(file, "written", e);
    } catch (RuntimeException | Error e) {
      delete(temporary, e);
      throw e;
    }
  }

  private static void delete(Path temporary, Throwable failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
