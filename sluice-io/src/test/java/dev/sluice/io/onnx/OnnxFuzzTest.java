package dev.sluice.io.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import dev.sluice.io.protobuf.ProtoMutator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Damaged copies of models of several exporters. */
@Execution(ExecutionMode.CONCURRENT)
class OnnxFuzzTest {
  private static final List<String> MODELS =
      List.of(
          "torch_last_step",
          "torch_both_ends",
          "torch_language_model",
          "torch_unfolded",
          "keras_tagger",
          "keras_bidirectional",
          "keras_sum",
          "typed_weights",
          "branches");

  @TempDir private Path folder;

  @Test
  void everyDamagedFileIsReadOrRefused() throws IOException {
    List<String> words = List.of("LSTM", "Concat", "Slice", "Expand", "Gather", "Loop", "onnx::");
    Fuzz.Outcome outcome =
        Fuzz.run(
            "onnx", folder.resolve("damaged"), Mutator.ofText(models(), words), OnnxReader::read);
    assertThat(outcome.refused()).isBetween(outcome.files() / 10, outcome.files() - 1);
  }

  @Test
  void everyDamagedGraphIsReadOrRefused() throws IOException {
    ProtoMutator mutator = new ProtoMutator(models());
    Fuzz.Outcome outcome =
        Fuzz.run("onnx graphs", folder.resolve("damaged"), mutator::damaged, OnnxReader::read);
    assertThat(outcome.refused()).isBetween(outcome.files() / 10, outcome.files() - 1);
  }

  private List<byte[]> models() throws IOException {
    List<byte[]> models = new ArrayList<>();
    for (String model : MODELS) {
      try (InputStream file = getClass().getResourceAsStream(model + ".onnx")) {
        models.add(requireNonNull(file).readAllBytes());
      }
    }
    return models;
  }
}
