package dev.sluice.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntConsumer;

/**
 * What one of the {@link Workers} begins a job with: some of its parts. Who has nothing left to do may
 * take from the shares of others, so that a thread that is held up does not hold up the job.
 *
 * <p>A cache line that one thread writes and another reads takes some 200 ns from core to core, and a short
 * job takes not much longer. So each of the three numbers that threads tell each other by is
 * alone on its lines, and as long as nobody takes from others, each is written by one thread.
 */
final class Share {
  private final Offer offer = new Offer();

  /** The number of the job in the upper half, how many of its parts are taken in the lower. */
  private final Line taken = new Line();

  /** Parts of all jobs, from any share, that the thread of this one has done. */
  private final Line done = new Line();

  /** Of the thread that brings the job: the parts {@code from} to {@code to} - 1. */
  void offer(IntConsumer body, int from, int to) {
    offer.body = body;
    offer.end = to;
    long number = (offer.value >>> Integer.SIZE) + 1;
    offer.value = number << Integer.SIZE | (to - from);
  }

  /** After the job, of the thread that brought it: what a job refers to may be large. */
  void forget() {
    offer.body = Share::nothing;
  }

  boolean hasParts() {
    long seen = taken.value;
    return left(seen, offer.value) > 0;
  }

  /**
   * Takes a part and runs it; false when none is left.
   *
   * <p>Taking is a compare-and-set of {@link #taken}, which fails if any part was taken since it was looked at. It is
   * looked at first, so the offer read then is of that job or a later one, which cannot end before the take.
   */
  boolean runPart() {
    while (true) {
      long seen = taken.value;
      long offered = offer.value;
      int left = left(seen, offered);
      if (left <= 0) {
        return false;
      }
      IntConsumer body = offer.body;
      int part = offer.end - left;
      if (Line.VALUE.compareAndSet(taken, seen, offered - left + 1)) {
        body.accept(part);
        return true;
      }
    }
  }

  private static int left(long taken, long offered) {
    boolean sameJob = taken >>> Integer.SIZE == offered >>> Integer.SIZE;
    return (int) offered - (sameJob ? (int) taken : 0);
  }

  /** Of the thread that this share belongs to, after each part of any share. */
  void countDone() {
    Line.VALUE.getAndAdd(done, 1L);
  }

  long done() {
    return done.value;
  }

  private static void nothing(int part) {}

  /** Two cache lines, because processors fetch them in pairs; the JVM puts a subclass's fields behind. */
  abstract static class Padding {
    long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
  }

  private static class Line extends Padding {
    private static final VarHandle VALUE;

    static {
      try {
        VALUE = MethodHandles.lookup().findVarHandle(Line.class, "value", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    volatile long value;
  }

  /** The number of the job in the upper half, how many parts there are in the lower; and the job. */
  private static final class Offer extends Line {
    private IntConsumer body = Share::nothing;
    private int end;
  }
}
