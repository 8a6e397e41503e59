package dev.sluice.bench.dl4j;

import dev.sluice.bench.Engine;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j on its native CPU backend. */
public final class Dl4j implements Engine {
  @Override
  public String name() {
    return "DL4J";
  }

  @Override
  public String settings() {
    return "1.0.0-M2.1, nd4j-native; threads by OMP_NUM_THREADS and Environment.setMaxThreads;"
        + " rnnTimeStep for streams";
  }

  /** Its gradient clipping is by layer, so that it cannot train the language models. */
  @Override
  public Optional<Task> prepare(Workload workload, int threads) {
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    return switch (workload) {
      case StreamingWorkload stream -> Optional.of(new StreamingTask(stream));
      case InferenceWorkload batch -> Optional.of(new InferenceTask(batch));
      case TrainingWorkload training when training.goal() != TrainingWorkload.Goal.WORDS ->
          Optional.of(new TrainingTask(training));
      case TrainingWorkload _ -> Optional.empty();
    };
  }
}
