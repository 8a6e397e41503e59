package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.GruCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Backend;
import dev.sluice.train.ChildJvm;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream has the same bits in every JVM, however wide its vectors. */
class SameStreamTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dsluice.kernels=scalar",
        ChildJvm.MODULE,
        ChildJvm.MODULE + " -XX:MaxVectorSize=16",
        ChildJvm.MODULE + " -XX:MaxVectorSize=32",
        ChildJvm.MODULE + " -XX:UseAVX=2",
      })
  void inEveryVirtualMachine(String options) throws IOException, InterruptedException {
    String hash = hash(new Backend(new ScalarKernels(), Workers.SINGLE));
    assertThat(ChildJvm.run(options, SameStreamTest.class, "")).isEqualTo(hash);
  }

  /** Prints the hash on the machine's own kernels and two threads. */
  public static void main(String... args) {
    try (Backend backend = Backend.create(2)) {
      System.out.println(hash(backend));
    }
  }

  private static String hash(Backend backend) {
    StringBuilder hash = new StringBuilder();
    for (StreamRun run :
        List.of(
            StreamRun.of(StreamRun.lstm(16, 100, 40), 10),
            StreamRun.of(List.of(new GruCell(7, 50), new RnnCell(50, 33))))) {
      for (Precision precision : Precision.values()) {
        StreamingModel model = run.model(backend, precision);
        Session session = model.open();
        for (int i = 0; i < 80; i++) {
          Matrix y = StreamRun.stream(session, run.input(i), model.outputSize());
          hash.append(i % 20 == 19 ? "%08x ".formatted(Arrays.hashCode(y.data)) : "");
        }
      }
    }
    return hash.toString().strip();
  }
}
