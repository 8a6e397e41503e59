package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;
import dev.sluice.tape.Backend;
import dev.sluice.train.ChildJvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What streams cost beyond time. */
class SessionCostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<Cell> cells() {
    return Stream.of(new LstmCell(64, 128), new GruCell(64, 128), new RnnCell(64, 128));
  }

  /** So a million fit in 4 GB. */
  @ParameterizedTest
  @MethodSource("cells")
  void aSessionOf128UnitsTakesLessThan4KB(Cell cell) {
    Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.of(2));
    StreamingModel model = StreamRun.of(List.of(cell)).model(backend, Precision.FLOAT32);
    float[] x = new float[64];
    float[] y = new float[128];
    model.open().step(x, y);
    Session[] sessions = new Session[10_000];
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < sessions.length; i++) {
      sessions[i] = model.open();
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    for (Session session : sessions) {
      session.step(x, y);
    }
    assertThat(bytes / sessions.length).isLessThan(4000);
    backend.close();
  }

  /** In a JVM of its own: what the JIT compiled for other tests would count. */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAllocatesNothing(String provider) throws IOException, InterruptedException {
    assertThat(ChildJvm.run(ChildJvm.MODULE, SessionCostTest.class, provider)).isEqualTo("0 0 0 0");
  }

  /** Prints the least bytes that steps allocate: by precision, on one thread and on two. */
  public static void main(String... args) {
    Kernels kernels = KernelProvider.choose(args[0]).kernels();
    StreamRun run =
        StreamRun.of(List.of(new LstmCell(9, 130), new GruCell(130, 130), new RnnCell(130, 40)), 3);
    StringBuilder bytes = new StringBuilder();
    for (Precision precision : Precision.values()) {
      for (int threads = 1; threads <= 2; threads++) {
        try (Backend backend = new Backend(kernels, Workers.of(threads))) {
          bytes.append(' ').append(leastBytes(run.model(backend, precision).open()));
        }
      }
    }
    System.out.println(bytes.substring(1));
  }

  /** Of a hundred steps in a row: code that is not yet compiled allocates. */
  private static long leastBytes(Session session) {
    float[] x = new float[9];
    float[] y = new float[3];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10_000 && least > 0; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int step = 0; step < 100; step++) {
        session.step(x, y);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
