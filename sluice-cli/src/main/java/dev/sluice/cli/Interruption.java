package dev.sluice.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C, or a polite kill, while a command works: the command is asked to stop and the process waits
 * until it has. Then the JVM ends with the exit code of the signal, 130 for Ctrl-C.
 *
 * <pre>
 *   try (Interruption interruption = new Interruption()) {
 *     ... work until interruption.getAsBoolean(), then save ...
 *   }
 * </pre>
 */
final class Interruption implements BooleanSupplier, AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "sluice-interruption");
  private volatile boolean requested;

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether to stop. */
  @Override
  public boolean getAsBoolean() {
    return requested;
  }

  @Override
  public void close() {
    closed.countDown();
    if (!requested) {
      removeHook();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The signal came just now, when everything is done: nothing is left to stop.
    }
  }

  private void interrupt() {
    requested = true;
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
