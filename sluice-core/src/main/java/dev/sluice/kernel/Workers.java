package dev.sluice.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A few threads that share short jobs with the thread that brings them: the inside of one training
 * step, microseconds at a time.
 *
 * <p>For a while after a job the threads spin, because waking one costs more than a small job; then
 * they park, so an idle pool uses no core. A run allocates nothing. Not an executor: no queue, no
 * futures, one job at a time.
 *
 * <p>Safe to use from any thread. A thread that comes while the pool is busy, or from inside a
 * body, does all parts of its job itself. The threads are daemons; {@link #close} ends them, and
 * jobs that come later run on the caller alone.
 */
public final class Workers implements AutoCloseable {
  /** One thread: everything runs on the caller. */
  public static final Workers SINGLE = new Workers(1);

  private static final long SPIN_NANOS = 50_000;

  /** Some threads are slowed down by other programs; the rest then take more. */
  private static final int RANGES_PER_THREAD = 2;

  private final Worker[] helpers;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * The number of the job in the upper half, how many of its parts nobody has taken yet in the
   * lower. Taking a part is one compare-and-set; it fails for whoever has looked at an earlier job,
   * so {@link #body} and {@link #parts}, read between look and take, belong to the job that was
   * taken from.
   */
  private final AtomicLong ticket = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private final List<Throwable> failures = new ArrayList<>(); // guarded by itself
  private IntConsumer body = Workers::nothing;
  private int parts;
  private volatile Thread caller = Thread.currentThread();
  private volatile boolean callerParked;
  private volatile boolean closed;
  private volatile long restingSince = System.nanoTime() - SPIN_NANOS;

  private Workers(int threads) {
    helpers = new Worker[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Worker(i + 1);
    }
  }

  /**
   * The calling thread and {@code threads} - 1 more.
   *
   * @throws IllegalArgumentException when {@code threads} is below 1
   */
  public static Workers of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "threads: expected at least 1 (the calling thread), got " + threads);
    }
    if (threads == 1) {
      return SINGLE;
    }
    Workers workers = new Workers(threads);
    for (Worker helper : workers.helpers) {
      helper.start();
    }
    return workers;
  }

  /** How many threads work on a job, the caller included. */
  public int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs {@code body} for 0 to {@code parts} - 1, in any order, and returns when all are done. What
   * a part throws is thrown here, what other parts throw is suppressed in it; whether parts after a
   * failed one run is not promised.
   */
  public void run(int parts, IntConsumer body) {
    if (parts <= 1 || helpers.length == 0 || !busy.compareAndSet(false, true)) {
      for (int part = 0; part < parts; part++) {
        body.accept(part);
      }
      return;
    }
    try {
      share(parts, body);
    } finally {
      busy.set(false);
    }
  }

  /** Part of a loop: {@code from} to {@code to} - 1. */
  public interface Range {
    void run(int from, int to);
  }

  /**
   * Runs {@code body} for ranges that cover 0 to {@code length} - 1, each from a multiple of {@code
   * unit} on, of nearly equal length: few for each thread, or one for a single thread.
   */
  public void ranges(int length, int unit, Range body) {
    int units = Math.ceilDiv(length, unit);
    int ranges = Math.min(units, threads() == 1 ? 1 : RANGES_PER_THREAD * threads());
    run(
        ranges,
        i ->
            body.run(
                bound(length, unit, units, i, ranges), bound(length, unit, units, i + 1, ranges)));
  }

  private static int bound(int length, int unit, int units, int range, int ranges) {
    return (int) Math.min(length, (long) units * range / ranges * unit);
  }

  /**
   * Whether short jobs follow one another so closely, as {@link #rest} tells, that threads which shared
   * the last one still spin: then a job that is shorter than waking a thread is worth sharing, too.
   */
  public boolean areInDemand() {
    return helpers.length > 0 && System.nanoTime() - restingSince < SPIN_NANOS;
  }

  /** Says that a job is done for which {@link #areInDemand} was asked, shared or not. */
  public void rest() {
    if (helpers.length > 0) {
      restingSince = System.nanoTime();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private void share(int parts, IntConsumer body) {
    this.body = body;
    this.parts = parts;
    caller = Thread.currentThread();
    unfinished.set(parts);
    long job = (ticket.get() >>> 32) + 1;
    ticket.set(job << 32 | parts);
    for (int i = 0; i < Math.min(helpers.length, parts - 1); i++) {
      if (helpers[i].parked) {
        LockSupport.unpark(helpers[i]);
      }
    }
    while (runPart()) {}
    awaitOthers();
    this.body = Workers::nothing; // what a job refers to may be large
    throwFailures();
  }

  private static void nothing(int part) {}

  /** Takes one part and runs it; false when none is left. */
  private boolean runPart() {
    long seen = ticket.get();
    int left = (int) seen;
    if (left == 0) {
      return false;
    }
    IntConsumer task = body;
    int part = parts - left;
    if (ticket.compareAndSet(seen, seen - 1)) {
      try {
        task.accept(part);
      } catch (Throwable failure) {
        synchronized (failures) {
          failures.add(failure);
        }
      }
      if (unfinished.decrementAndGet() == 0 && callerParked) {
        LockSupport.unpark(caller);
      }
    }
    return true;
  }

  private void awaitOthers() {
    long start = System.nanoTime();
    while (unfinished.get() > 0) {
      if (System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        callerParked = true;
        if (unfinished.get() > 0) {
          LockSupport.park(this);
        }
        callerParked = false;
      }
    }
  }

  private void throwFailures() {
    synchronized (failures) {
      if (failures.isEmpty()) {
        return;
      }
      Throwable first = failures.getFirst();
      // the JVM throws one and the same object for errors it has thrown often
      List<Throwable> others = failures.stream().distinct().skip(1).toList();
      failures.clear();
      others.forEach(first::addSuppressed);
      switch (first) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(first);
      }
    }
  }

  private final class Worker extends Thread {
    private volatile boolean parked;

    Worker(int number) {
      super("sluice-worker-" + number);
      setDaemon(true);
    }

    @Override
    public void run() {
      long idleSince = System.nanoTime();
      while (!closed) {
        if (runPart()) {
          idleSince = System.nanoTime();
        } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          awaitJob();
          idleSince = System.nanoTime();
        }
      }
    }

    /**
     * Says that it sleeps, then looks once more: whoever brings a job does the two in the other
     * order.
     */
    private void awaitJob() {
      parked = true;
      if ((int) ticket.get() == 0 && !closed) {
        LockSupport.park(Workers.this);
      }
      parked = false;
    }
  }
}
