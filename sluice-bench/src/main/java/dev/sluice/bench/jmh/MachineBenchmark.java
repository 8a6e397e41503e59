package dev.sluice.bench.jmh;

import dev.sluice.bench.FmaKernel;
import dev.sluice.bench.ReadKernel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What this machine can do at most, on one thread: multiply-adds, and reading memory of several sizes. */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MachineBenchmark {
  private static final int MULTIPLY_ADDS = 1_000_000;

  /** Memory to read. */
  @State(Scope.Benchmark)
  public static class Memory {
    @Param({"24", "512", "4096", "16384", "131072"})
    public int kibibytes;

    private ReadKernel kernel = new ReadKernel(1, 1);

    /** Takes the memory. */
    @Setup
    public void prepare() {
      kernel = new ReadKernel(kibibytes * 1024 / Float.BYTES, 1);
    }
  }

  /** Fused multiply-adds from registers to registers; each is two operations. */
  @Benchmark
  public float multiplyAdd(Work work) {
    work.gflop += 2e-9 * MULTIPLY_ADDS;
    return FmaKernel.run(MULTIPLY_ADDS);
  }

  /** Reads the memory from its beginning to its end. */
  @Benchmark
  public float read(Memory memory, Work work) {
    work.gigabytes += 1e-9 * memory.kernel.size();
    return memory.kernel.read(0);
  }
}
