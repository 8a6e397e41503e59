package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.tape.Backend;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training gives the same bits everywhere: in every JVM below, and before and after the JIT has compiled it. */
class SameBitsTest {
  /** The digest on every machine; it changes only when the arithmetic is changed on purpose. */
  private static final String DIGEST =
      "67156f724515ed6cf0c403548fdb4008d2fdcbe43da459b9a99fb880637e8de8";

  @ParameterizedTest(name = "{0}, {1} thread(s), {2}")
  @CsvSource({
    "scalar, 1, -Dsluice.kernels=scalar",
    "scalar, 2, -Dsluice.kernels=auto",
    "vector, 1, " + ChildJvm.MODULE,
    "vector, 2, " + ChildJvm.MODULE,
    "vector, 5, " + ChildJvm.MODULE,
    "vector, 2, " + ChildJvm.MODULE + " -XX:MaxVectorSize=16",
    "vector, 2, " + ChildJvm.MODULE + " -XX:MaxVectorSize=32",
    "vector, 2, " + ChildJvm.MODULE + " -XX:UseAVX=2",
    "vector, 1, " + ChildJvm.MODULE + " -XX:TieredStopAtLevel=1",
    "scalar, 1, " + ChildJvm.MODULE + " -XX:MaxVectorSize=8", // has no vectors of four floats
    "vector, 1, " + ChildJvm.MODULE + " -XX:MaxVectorSize=8 -Dsluice.kernels=vector",
  })
  void inEveryVirtualMachine(String kernels, int threads, String options)
      throws IOException, InterruptedException {
    String output = ChildJvm.run(options, TrainingRun.class, Integer.toString(threads));
    assertThat(output).startsWith(kernels).endsWith(DIGEST);
  }

  @Test
  void beforeAndAfterWarmUp() {
    Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
    for (int i = 0; i < 20; i++) {
      assertThat(new TrainingRun().digest(backend)).isEqualTo(DIGEST);
    }
  }
}
