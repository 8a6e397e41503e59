package dev.sluice.bench.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.sluice.bench.Engine;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import java.util.Optional;

/** Microsoft's ONNX Runtime, through its Java API; inference alone. */
public final class OnnxRuntime implements Engine {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @Override
  public String name() {
    return "ONNX Runtime";
  }

  @Override
  public String settings() {
    return "%s; intra-op threads, which may spin; all graph optimizations; inputs, outputs and states in direct buffers that are bound once"
        .formatted(environment.getVersion());
  }

  @Override
  public Optional<Task> prepare(Workload workload, int threads) {
    try {
      return switch (workload) {
        case StreamingWorkload stream ->
            Optional.of(
                new StreamingTask(stream, environment, session(OnnxLstm.stream(stream), threads)));
        case InferenceWorkload batch ->
            Optional.of(
                new InferenceTask(batch, environment, session(OnnxLstm.sequences(batch), threads)));
        case TrainingWorkload _ -> Optional.empty();
      };
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private OrtSession session(byte[] model, int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    return environment.createSession(model, options);
  }
}
