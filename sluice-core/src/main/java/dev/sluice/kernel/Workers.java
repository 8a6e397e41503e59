package dev.sluice.kernel;

import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

  /** How often one looks at what one waits for before anything else: for a microsecond or two. */
  private static final int SPINS = 32;

  /** Some threads are slowed down by other programs; the rest then take more. */
  private static final int RANGES_PER_THREAD = 2;

  private final Share[] shares; // the caller's, then one for each helper
  private final Worker[] helpers;
  private final Callers callers = new Callers();
  private final AtomicReference<Throwable> first = new AtomicReference<>(); // failure of a job
  private final Queue<Throwable> others = new ConcurrentLinkedQueue<>();
  private volatile Thread caller = Thread.currentThread(); // that was parked last
  private volatile boolean callerParked;
  private volatile boolean closed;

  private Workers(int threads) {
    shares = new Share[threads];
    Arrays.setAll(shares, _ -> new Share());
    helpers = new Worker[threads - 1];
    Arrays.setAll(helpers, i -> new Worker(i + 1));
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
    if (parts <= 1 || helpers.length == 0 || !callers.busy.compareAndSet(false, true)) {
      for (int part = 0; part < parts; part++) {
        body.accept(part);
      }
      return;
    }
    share(parts, body);
    Optional<Throwable> failure = takeFailures();
    callers.busy.set(false); // not after an error in this class: helpers may still be at the job
    failure.ifPresent(Workers::rethrow);
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
    return helpers.length > 0 && System.nanoTime() - callers.restingSince < SPIN_NANOS;
  }

  /** Says that a job is done for which {@link #areInDemand} was asked, shared or not. */
  public void rest() {
    if (helpers.length > 0) {
      callers.restingSince = System.nanoTime();
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
    callers.offered += parts;
    for (int t = shares.length - 1; t >= 0; t--) {
      shares[t].offer(body, firstPart(t, parts), firstPart(t + 1, parts));
    }
    for (Worker helper : helpers) {
      if (helper.parked && shares[helper.number].hasParts()) {
        LockSupport.unpark(helper);
      }
    }
    runParts(shares[0], shares[0]);
    awaitOthers();
    for (Share share : shares) {
      share.forget();
    }
  }

  /** The first part that thread t begins with. Each has as many, or one less. */
  private int firstPart(int t, int parts) {
    return (int) Math.ceilDiv((long) t * parts, shares.length);
  }

  /** Runs what is left of a share. */
  private void runParts(Share share, Share own) {
    while (runPart(share)) {
      own.countDone();
      if (callerParked) {
        LockSupport.unpark(caller);
      }
    }
  }

  /** Takes no memory for the first, which may be that there is none: a helper has to live on and count its part. */
  private void note(Throwable failure) {
    if (!first.compareAndSet(null, failure)) {
      try {
        others.add(failure);
      } catch (VirtualMachineError _) {
        // the first one is thrown
      }
    }
  }

  private boolean runPart(Share share) {
    try {
      return share.runPart();
    } catch (Throwable failure) {
      note(failure);
      return true;
    }
  }

  /** Runs what is left of all other shares. */
  private void help(int t) {
    for (int i = 1; i < shares.length; i++) {
      runParts(shares[(t + i) % shares.length], shares[t]);
    }
  }

  private void awaitOthers() {
    if (spinUntilDone()) {
      return;
    }
    help(0);
    long start = System.nanoTime();
    while (!spinUntilDone()) {
      if (System.nanoTime() - start >= SPIN_NANOS) {
        caller = Thread.currentThread();
        callerParked = true;
        if (!isDone()) {
          LockSupport.park(this);
        }
        callerParked = false;
      }
    }
  }

  private boolean spinUntilDone() {
    for (int i = 0; i < SPINS; i++) {
      if (isDone()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private boolean isDone() {
    long done = 0;
    for (Share share : shares) {
      done += share.done();
    }
    return done == callers.offered;
  }

  private Optional<Throwable> takeFailures() {
    Optional<Throwable> failure = Optional.ofNullable(first.getAndSet(null));
    // the JVM throws one and the same object for errors it has thrown often
    failure.ifPresent(
        f -> others.stream().distinct().filter(o -> !o.equals(f)).forEach(f::addSuppressed));
    others.clear();
    return failure;
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** What only threads that bring jobs write, and no helper looks at. */
  private static final class Callers extends Share.Padding {
    private final AtomicBoolean busy = new AtomicBoolean();
    private long offered; // parts of all jobs
    private volatile long restingSince = System.nanoTime() - SPIN_NANOS;
  }

  private final class Worker extends Thread {
    private final int number;
    private volatile boolean parked;

    Worker(int number) {
      super("sluice-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    @Override
    public void run() {
      Share own = shares[number];
      long idleSince = System.nanoTime();
      boolean helped = true;
      while (!closed) {
        if (spinUntilOffered(own)) {
          runParts(own, own);
          helped = false;
          idleSince = System.nanoTime();
        } else if (!helped) {
          help(number);
          helped = true;
        } else if (System.nanoTime() - idleSince >= SPIN_NANOS) {
          awaitJob(own);
          idleSince = System.nanoTime();
        }
      }
    }

    private static boolean spinUntilOffered(Share own) {
      for (int i = 0; i < SPINS; i++) {
        if (own.hasParts()) {
          return true;
        }
        Thread.onSpinWait();
      }
      return false;
    }

    /**
     * Says that it sleeps, then looks once more: whoever brings a job does the two in the other
     * order.
     */
    private void awaitJob(Share own) {
      parked = true;
      if (!own.hasParts() && !closed) {
        LockSupport.park(Workers.this);
      }
      parked = false;
    }
  }
}
