package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model directories with one damaged file: the model is read, or refused in one line. */
@Execution(ExecutionMode.CONCURRENT)
class ModelDirectoryFuzzTest {
  private static final List<String> FRAGMENTS =
      List.of(
          "0",
          "-1",
          "7",
          "4000000000",
          "1e999",
          "0.5",
          "null",
          "true",
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\n",
          "\r",
          "\u0000",
          "<unk>",
          "\"hidden\" : 200000",
          "\"layers\" : 9",
          "\"labels\"");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "vocabulary.txt"})
  void everyDamagedModelIsReadOrRefused(String name) throws IOException {
    Path model = folder.resolve("model");
    ModelDirectory.at(model).write(SmallClassifier.create());
    Path file = model.resolve(name);
    Mutator mutator = Mutator.ofText(List.of(Files.readAllBytes(file)), FRAGMENTS);
    Fuzz.Outcome outcome =
        Fuzz.run("model " + name, file, mutator, damaged -> ModelDirectory.read(model));
    assertThat(outcome.refused()).isBetween(outcome.files() / 4, outcome.files() - 1);
  }
}
