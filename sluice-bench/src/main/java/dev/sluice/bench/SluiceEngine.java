package dev.sluice.bench;

import dev.sluice.cli.bench.SluiceTasks;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.Workload;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Precision;
import java.util.Optional;

/** Sluice itself, with weights in one precision. */
record SluiceEngine(Precision precision) implements Engine {
  @Override
  public String name() {
    return precision == Precision.FLOAT32 ? "Sluice" : "Sluice bf16";
  }

  @Override
  public String settings() {
    return "weights in %s; kernels: %s".formatted(precision, KernelProvider.choose().reason());
  }

  @Override
  public Optional<Task> prepare(Workload workload, int threads) {
    return SluiceTasks.prepare(workload, threads, precision);
  }

  /** A weight rounded to bfloat16 is off by up to 2⁻⁹. */
  @Override
  public double tolerance() {
    return precision == Precision.FLOAT32 ? 0 : 0x1p-6;
  }
}
