package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.train.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyPartRunsOnce(int threads) {
    try (Workers workers = Workers.of(threads)) {
      assertThat(workers.threads()).isEqualTo(threads);
      for (int run = 0; run < 5_000; run++) {
        int parts = run % 23;
        AtomicIntegerArray runs = new AtomicIntegerArray(23);
        workers.run(parts, runs::incrementAndGet);
        for (int part = 0; part < 23; part++) {
          assertThat(runs.get(part))
              .as("part %d of %d", part, parts)
              .isEqualTo(part < parts ? 1 : 0);
        }
        if (run % 1000 == 0) {
          LockSupport.parkNanos(2_000_000); // long enough for the helpers to park
        }
      }
    }
  }

  @Test
  void partsRunAtTheSameTimeOnDifferentThreads() {
    try (Workers workers = Workers.of(3)) {
      CountDownLatch allHere = new CountDownLatch(3);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      workers.run(
          3,
          part -> {
            threads.add(Thread.currentThread());
            allHere.countDown();
            await(allHere);
          });
      assertThat(threads).hasSize(3).contains(Thread.currentThread());
    }
  }

  /** Of eight parts each thread begins with four, the helper with part 4. */
  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void aThreadThatIsHeldUpDoesNotHoldUpTheOtherParts(int longPart) {
    try (Workers workers = Workers.of(2)) {
      CountDownLatch others = new CountDownLatch(7);
      workers.run(
          8,
          part -> {
            if (part == longPart) {
              await(others);
            } else {
              others.countDown();
            }
          });
      assertThat(others.getCount()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 100", "3, 0", "3, 1", "3, 15", "3, 16", "3, 17", "3, 1000"})
  void rangesCoverALoopOnceAndBeginAtMultiplesOfTheUnit(int threads, int length) {
    try (Workers workers = Workers.of(threads)) {
      AtomicIntegerArray seen = new AtomicIntegerArray(length);
      AtomicInteger ranges = new AtomicInteger();
      workers.ranges(
          length,
          16,
          (from, to) -> {
            assertThat(from % 16).isZero();
            ranges.incrementAndGet();
            for (int i = from; i < to; i++) {
              seen.incrementAndGet(i);
            }
          });
      for (int i = 0; i < length; i++) {
        assertThat(seen.get(i)).isOne();
      }
      int units = Math.ceilDiv(length, 16);
      assertThat(ranges).hasValue(threads == 1 ? Math.min(units, 1) : Math.min(units, 6));
    }
  }

  @Test
  void whatThePartsWriteIsSeenByTheCaller() {
    try (Workers workers = Workers.of(2)) {
      int[] written = new int[64];
      for (int run = 1; run < 2_000; run++) {
        int value = run;
        workers.run(written.length, part -> written[part] = value);
        assertThat(written).containsOnly(value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void anExceptionReachesTheCallerAndThePoolStaysUsable(int threads) {
    try (Workers workers = Workers.of(threads)) {
      for (int run = 0; run < 200; run++) {
        assertThatThrownBy(
                () ->
                    workers.run(
                        8,
                        part -> {
                          if (part == 5) {
                            throw new IllegalArgumentException("part 5");
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("part 5");
        AtomicInteger done = new AtomicInteger();
        workers.run(8, part -> done.incrementAndGet());
        assertThat(done).hasValue(8);
      }
    }
  }

  @Test
  void furtherExceptionsAreSuppressedInTheFirst() {
    try (Workers workers = Workers.of(2)) {
      CountDownLatch bothHere = new CountDownLatch(2);
      assertThatThrownBy(
              () ->
                  workers.run(
                      2,
                      part -> {
                        bothHere.countDown();
                        await(bothHere);
                        throw new StackOverflowError("part");
                      }))
          .isInstanceOf(StackOverflowError.class)
          .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));
    }
  }

  /** In the interpreter, where the stack may end in any method: compiled, most are one. */
  @Test
  void aCallerWithoutStackLeavesThePoolUsable() throws IOException, InterruptedException {
    assertThat(ChildJvm.run("-Xint", EndOfStack.class, ""))
        .isEqualTo("1 overflow, returned, 8 parts done");
  }

  /** A thread runs a job at each depth until it has no more stack; then another one runs a job. */
  static final class EndOfStack {
    private static final Workers WORKERS = Workers.of(2);
    private static final AtomicInteger DONE = new AtomicInteger();

    private EndOfStack() {}

    public static void main(String[] arguments) throws InterruptedException {
      AtomicInteger overflows = new AtomicInteger();
      Runnable recursion =
          () -> {
            try {
              deeper();
            } catch (StackOverflowError e) {
              overflows.incrementAndGet();
            }
          };
      join(new Thread(null, recursion, "deep", 256 << 10));
      DONE.set(0);
      boolean returned = join(new Thread(() -> WORKERS.run(8, EndOfStack::part)));
      System.out.printf(
          "%s overflow, %s, %s parts done", overflows, returned ? "returned" : "hung", DONE);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static void deeper() {
      WORKERS.run(8, EndOfStack::part);
      deeper();
    }

    private static void part(int number) {
      DONE.incrementAndGet();
    }

    private static boolean join(Thread thread) throws InterruptedException {
      thread.setDaemon(true);
      thread.start();
      return thread.join(Duration.ofSeconds(10));
    }
  }

  @Test
  void aRunInsideARunStaysOnItsThread() {
    try (Workers workers = Workers.of(2)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(64);
      workers.run(
          8,
          outer -> {
            Thread outside = Thread.currentThread();
            workers.run(
                8,
                inner -> {
                  assertThat(Thread.currentThread()).isSameAs(outside);
                  runs.incrementAndGet(8 * outer + inner);
                });
          });
      for (int i = 0; i < 64; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void severalCallersMayShareAPool() throws InterruptedException, ExecutionException {
    try (Workers workers = Workers.of(3);
        var callers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> results = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        results.add(
            callers.submit(
                () -> {
                  for (int run = 0; run < 2_000; run++) {
                    AtomicInteger sum = new AtomicInteger();
                    workers.run(10, sum::addAndGet);
                    assertThat(sum).hasValue(45);
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
  }

  @Test
  void afterCloseTheCallerWorksAloneAndTheThreadsEnd() throws InterruptedException {
    Workers workers = Workers.of(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch bothHere = new CountDownLatch(2);
    workers.run(
        2,
        part -> {
          threads.add(Thread.currentThread());
          bothHere.countDown();
          await(bothHere);
        });
    workers.close();
    threads.remove(Thread.currentThread());
    for (Thread helper : threads) {
      assertThat(helper.isDaemon()).isTrue();
      assertThat(helper.join(Duration.ofSeconds(10))).isTrue();
    }
    workers.run(4, part -> threads.add(Thread.currentThread()));
    assertThat(threads).contains(Thread.currentThread()).hasSize(2);
  }

  @Test
  void anIdlePoolUsesNoProcessor() {
    try (Workers workers = Workers.of(2)) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      CountDownLatch bothHere = new CountDownLatch(2);
      workers.run(
          2,
          part -> {
            threads.add(Thread.currentThread());
            bothHere.countDown();
            await(bothHere);
          });
      threads.remove(Thread.currentThread());
      Thread helper = threads.iterator().next();
      LockSupport.parkNanos(200_000_000);
      assertThat(helper.getState()).isEqualTo(Thread.State.WAITING);
    }
  }

  /** However long a job takes, it is what passes between two that tells whether threads still spin. */
  @Test
  void threadsAreInDemandWhereJobsFollowOneAnother() {
    try (Workers workers = Workers.of(3)) {
      LockSupport.parkNanos(100_000_000);
      assertThat(workers.areInDemand()).isFalse();
      do {
        LockSupport.parkNanos(1_000_000); // a long job
        workers.rest();
      } while (!workers.areInDemand());
      LockSupport.parkNanos(100_000_000);
      assertThat(workers.areInDemand()).isFalse();
    }
  }

  @Test
  void thereIsAtLeastTheCaller() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Workers.of(0))
        .withMessage("threads: expected at least 1 (the calling thread), got 0");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** As the JVM does with errors that it has thrown often. */
  @Test
  void twoPartsMayThrowTheSameObject() {
    try (Workers workers = Workers.of(2)) {
      IllegalStateException same = new IllegalStateException("same");
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(
                () ->
                    workers.run(
                        8,
                        part -> {
                          throw same;
                        }))
            .isSameAs(same);
      }
      workers.run(8, part -> {});
    }
  }
}
