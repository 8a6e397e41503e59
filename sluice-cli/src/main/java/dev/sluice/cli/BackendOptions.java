package dev.sluice.cli;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.tape.Backend;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Option;

/** The option of every command that computes, and the one place that makes a {@link Backend} of it. */
final class BackendOptions {
  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that compute; default: one for each processor. Results do not depend on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * Runs {@code command} with the threads asked for, and ends them.
   *
   * @return what the command returns: an exit code
   * @throws UserException when the number of threads or the choice of kernels cannot be followed
   */
  int run(ToIntFunction<Backend> command) {
    KernelProvider provider = provider();
    try (Workers workers = Workers.of(threads())) {
      return command.applyAsInt(new Backend(provider.kernels(), workers));
    }
  }

  int threads() {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new UserException(
          "--threads: expected 1 to %d, got %d".formatted(MAX_THREADS, threads));
    }
    return threads;
  }

  /** The kernels in use, and why. */
  static KernelProvider provider() {
    try {
      return KernelProvider.choose();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }
}
