package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.io.ModelFileException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Why files are refused, and what it costs to find out. */
final class Refusals {
  private Refusals() {}

  /** The message for {@code file}, without its name. */
  static String of(Path file) {
    ModelFileException refusal =
        catchThrowableOfType(ModelFileException.class, () -> PyTorchFile.open(file).close());
    assertThat(refusal).hasMessageStartingWith(file + ": ");
    return String.valueOf(refusal.getMessage()).substring((file + ": ").length());
  }

  /** How many bytes of heap it takes to open or refuse {@code file}. */
  static long allocatedBy(Path file) {
    long before = allocated();
    try {
      PyTorchFile.open(file).close();
    } catch (ModelFileException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
    }
    return allocated() - before;
  }

  /** How many bytes of heap this thread has ever taken. */
  static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
