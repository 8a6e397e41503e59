package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.libtorch.Libtorch;
import dev.sluice.bench.onednn.OneDnn;
import dev.sluice.bench.onnxruntime.OnnxRuntime;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import dev.sluice.model.Precision;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine computes what Sluice computes, on small workloads of all kinds. */
final class PeersTest {
  private static final List<Engine> OWN =
      List.of(new SluiceEngine(Precision.FLOAT32), new SluiceEngine(Precision.BFLOAT16));
  private static final List<Engine> PEERS =
      List.of(Libtorch.layers(), Libtorch.cells(), new OnnxRuntime(), new OneDnn());

  static List<Workload> streams() {
    return List.of(
        new StreamingWorkload("one layer", new LstmShape(5, 16, 1, false), 0),
        new StreamingWorkload("equal layers", new LstmShape(16, 16, 3, false), 7),
        new StreamingWorkload("unequal layers", new LstmShape(5, 16, 3, false), 7));
  }

  static List<Workload> sequences() {
    return List.of(
        new InferenceWorkload("one", 1, 6, new LstmShape(5, 16, 1, false)),
        new InferenceWorkload("batch", 3, 6, new LstmShape(5, 16, 2, false)),
        new InferenceWorkload("both ways", 3, 6, new LstmShape(5, 16, 2, true)));
  }

  static List<Workload> training() {
    LstmShape lstm = new LstmShape(5, 16, 2, false);
    return List.of(
        TrainingWorkload.languageModel("words", 3, 4, 8, 0.5f),
        TrainingWorkload.classifier("classes", 3, 4, 20, lstm),
        TrainingWorkload.forecaster("numbers", 3, 4, lstm));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void onStreams(Workload workload) {
    agree(workload, "Sluice", "Sluice bf16", "libtorch", "libtorch cell", "ONNX Runtime", "oneDNN");
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void onSequences(Workload workload) {
    agree(workload, "Sluice", "libtorch", "ONNX Runtime", "oneDNN");
  }

  @ParameterizedTest
  @MethodSource("training")
  void inTraining(Workload workload) {
    agree(workload, "Sluice", "libtorch");
  }

  private static void agree(Workload workload, String... names) {
    List<Contender> contenders =
        Contest.hold(workload, 1, OWN, PEERS, new Pace(0, 0, 0, 1)).stream()
            .filter(c -> c.role() != Contender.Role.LIMIT)
            .toList();
    assertThat(contenders).extracting(Contender::name).containsExactly(names);
    assertThat(contenders)
        .allSatisfy(
            c -> assertThat(c.agreement().holds()).as("%s: %s", c.name(), c.agreement()).isTrue());
  }
}
