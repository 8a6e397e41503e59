package dev.sluice.io.fuzz;

import com.sun.management.ThreadMXBean;
import dev.sluice.data.DataException;
import dev.sluice.io.ModelFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Gives a reader damaged files for as long as {@code -Dsluice.fuzz.seconds} says (10). Each must be
 * read, or refused with a {@link ModelFileException} or, for what is text, a {@link DataException} of one line
 * that begins with the name of the file or of one beside it; without any other exception or error, in
 * little time, and with little memory, whatever sizes the file claims. A file that fails is kept in {@code
 * target/fuzz}.
 *
 * <p>The same mutator gives the same files in the same order; only how many depends on the machine.
 */
public final class Fuzz {
  private static final Duration DURATION =
      Duration.ofSeconds(Long.getLong("sluice.fuzz.seconds", 10));

  /**
   * Far more than a file of some thousand bytes takes, in the time of the processor: that of the clock
   * goes on while the machine does something else. No reader waits for anything.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What reading may cost, besides a multiple of the file; a size believed would cost far more. */
  private static final long FIXED_BYTES = 1_000_000;

  private static final long BYTES_PER_BYTE = 64;

  /** Reads a whole file, as a user's program would. */
  @FunctionalInterface
  public interface Reader {
    /** Reads {@code file} to its end, or refuses it. */
    void read(Path file);
  }

  /** How many damaged files there were, and how many of them were refused. */
  public record Outcome(long files, long refused) {}

  private final String name;
  private final Path file;
  private final LongFunction<byte[]> damaged;
  private final Reader reader;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final AtomicLong number = new AtomicLong();
  private long allocated; // by the last reading
  private volatile long begun; // in the time of the thread that reads

  private Fuzz(String name, Path file, LongFunction<byte[]> damaged, Reader reader) {
    this.name = name;
    this.file = file;
    this.damaged = damaged;
    this.reader = reader;
  }

  /**
   * Gives the files of {@code mutator} to {@code reader} and fails when one goes wrong.
   *
   * @param name of the format, for messages
   * @param file where each of them is written; what else a reader needs lies beside it
   */
  public static Outcome run(String name, Path file, Mutator mutator, Reader reader) {
    return run(name, file, mutator::damaged, reader);
  }

  /** The same with files that are damaged in another way: those of each number from 0 on. */
  public static Outcome run(String name, Path file, LongFunction<byte[]> damaged, Reader reader) {
    Outcome outcome = new Fuzz(name, file, damaged, reader).watched();
    System.out.printf(
        "fuzz %s: %d damaged files, %d refused%n", name, outcome.files, outcome.refused);
    return outcome;
  }

  /** Reads in a thread of its own, so that a file that hangs it can be told. */
  private Outcome watched() {
    FutureTask<Outcome> reading = new FutureTask<>(this::readAll);
    Thread thread = Thread.ofPlatform().daemon().name("fuzz " + name).start(reading);
    while (true) {
      try {
        return reading.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (threads.getThreadCpuTime(thread.threadId()) - begun > PATIENCE.toNanos()) {
          AssertionError hanging = failure("takes longer than " + PATIENCE);
          hanging.setStackTrace(thread.getStackTrace());
          throw hanging;
        }
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Outcome readAll() throws IOException {
    long end = System.nanoTime() + DURATION.toNanos();
    long refused = 0;
    for (; System.nanoTime() - end < 0; number.incrementAndGet()) {
      begun = threads.getCurrentThreadCpuTime();
      byte[] bytes = damaged.apply(number.get());
      Files.deleteIfExists(file); // much faster than to replace what it holds
      Files.write(file, bytes);
      refused += isRead() ? 0 : 1;
      if (allocated > bound(bytes)) {
        isRead(); // again: the first time may have loaded classes
      }
      if (allocated > bound(bytes)) {
        throw failure("has %d bytes and took %d".formatted(bytes.length, allocated));
      }
    }
    return new Outcome(number.get(), refused);
  }

  private static long bound(byte[] bytes) {
    return FIXED_BYTES + BYTES_PER_BYTE * bytes.length;
  }

  private boolean isRead() {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.read(file);
      return true;
    } catch (ModelFileException | DataException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.startsWith(file.getParent() + "") || message.lines().count() != 1) {
        throw failure("is refused in another form: " + message, e);
      }
      return false;
    } catch (RuntimeException | Error e) {
      throw failure("is not refused but fails: " + e, e);
    } finally {
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
  }

  private AssertionError failure(String problem, Throwable cause) {
    AssertionError failure = failure(problem);
    failure.initCause(cause);
    return failure;
  }

  private AssertionError failure(String problem) {
    Path kept = Path.of("target", "fuzz", name + "-" + number);
    try {
      Files.createDirectories(kept.getParent());
      Files.write(kept, damaged.apply(number.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AssertionError(kept + " " + problem);
  }
}
