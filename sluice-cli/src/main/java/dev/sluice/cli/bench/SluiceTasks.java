package dev.sluice.cli.bench;

import dev.sluice.model.Precision;
import dev.sluice.tape.Backend;
import java.util.Optional;

/** Sluice's runs of the workloads. */
public final class SluiceTasks {
  private SluiceTasks() {}

  /**
   * The workload made ready.
   *
   * @param threads that compute, the caller's included
   * @param precision of the weights
   * @return nothing when Sluice has no way to do it with such weights: only streams have bfloat16
   */
  public static Optional<Task> prepare(Workload workload, int threads, Precision precision) {
    if (precision == Precision.BFLOAT16 && !(workload instanceof StreamingWorkload)) {
      return Optional.empty();
    }
    Backend backend = Backend.create(threads);
    return Optional.of(
        switch (workload) {
          case StreamingWorkload streaming -> new StreamingTask(streaming, backend, precision);
          case InferenceWorkload inference -> new InferenceTask(inference, backend);
          case TrainingWorkload training -> new TrainingTask(training, backend);
        });
  }
}
