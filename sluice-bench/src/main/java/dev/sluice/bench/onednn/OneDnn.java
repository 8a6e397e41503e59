package dev.sluice.bench.onednn;

import dev.sluice.bench.Engine;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;

/** Intel's oneDNN, through the JavaCPP presets; inference alone. */
public final class OneDnn implements Engine {
  @Override
  public String name() {
    return "oneDNN";
  }

  @Override
  public String settings() {
    dnnl_version_t version = dnnl.dnnl_version();
    return "%d.%d.%d; lstm_forward for inference, packed weights, as many layers as possible in one primitive; threads by OMP_NUM_THREADS=%s"
        .formatted(version.major(), version.minor(), version.patch(), threads());
  }

  private static String threads() {
    return System.getenv().getOrDefault("OMP_NUM_THREADS", "?");
  }

  /** Fails unless the process was started with the threads asked for: OpenMP reads them once. */
  @Override
  public Optional<Task> prepare(Workload workload, int threads) {
    if (!threads().equals(String.valueOf(threads))) {
      throw new IllegalStateException(
          "oneDNN has OMP_NUM_THREADS=%s threads, expected %d".formatted(threads(), threads));
    }
    return switch (workload) {
      case StreamingWorkload stream -> Optional.of(new StreamingTask(stream));
      case InferenceWorkload batch -> Optional.of(new InferenceTask(batch));
      case TrainingWorkload _ -> Optional.empty();
    };
  }
}
