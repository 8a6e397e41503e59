package dev.sluice.tape;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;

/**
 * What runs the arithmetic: kernels and the threads they may use. The choice of either changes
 * speed and never a bit of a result.
 */
@SuppressWarnings("exports") // kernels are for Sluice's own packages, whichever module they are in
public record Backend(Kernels kernels, Workers workers) implements AutoCloseable {
  /**
   * The fastest kernels that this JVM can run, and {@code threads} threads, the caller's included.
   *
   * @throws IllegalStateException when -Dsluice.kernels=vector is set and the JVM was not started
   *     with --add-modules jdk.incubator.vector
   */
  public static Backend create(int threads) {
    return new Backend(KernelProvider.choose().kernels(), Workers.of(threads));
  }

  /** Ends the threads. */
  @Override
  public void close() {
    workers.close();
  }
}
