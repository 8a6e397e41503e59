package dev.sluice.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps all but one training out of a {@link RunDirectory}, until it is closed or its process ends,
 * whichever way: the operating system lets go of it then. The file it is on stays, and means nothing.
 */
public final class RunLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * The lock on {@code folder}, which is made when it is not there.
   *
   * @throws ModelFileException when another training holds it, or the file system refuses
   */
  static RunLock on(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean taken = true;
      try {
        taken = isTaken(channel);
      } finally {
        if (taken) {
          channel.close();
        }
      }
      if (taken) {
        throw new ModelFileException(
            folder,
            "another training is writing here; wait until it ends, stop it with Ctrl-C, or give"
                + " another --model");
      }
      return new RunLock(file, channel);
    } catch (IOException e) {
      throw ModelFileException.refused(file, "locked", e);
    }
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true; // by this process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw ModelFileException.refused(file, "closed", e);
    }
  }
}
