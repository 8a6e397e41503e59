package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.io.Imported;
import dev.sluice.io.exchange.ImportOptions;
import dev.sluice.io.exchange.Importer;
import dev.sluice.io.exchange.Verification;
import dev.sluice.tape.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The files of libtorch hold weights and recordings side by side: imported by the names and shapes alone,
 * they compute what was recorded, with nothing said by the user.
 */
final class ImportAndVerifyTest {
  private static final double TOLERANCE = 2e-6;

  @TestFactory
  Stream<DynamicTest> files() {
    return GoldenTest.folders().stream()
        .map(folder -> folder.resolve("torch"))
        .filter(Files::isDirectory)
        .flatMap(folder -> list(folder).stream())
        .map(file -> dynamicTest(file.toFile().getName(), () -> check(file)));
  }

  /** Other people's models, of every kind: each is a network, or has recurrent layers to take. */
  @TestFactory
  Stream<DynamicTest> models() {
    return GoldenTest.folders().stream()
        .map(folder -> folder.resolve("models"))
        .filter(Files::isDirectory)
        .flatMap(folder -> files(folder).stream())
        .map(file -> dynamicTest(file.toFile().getName(), () -> checkModel(file)));
  }

  private static void checkModel(Path file) {
    Imported imported = Importer.read(file, ImportOptions.NONE);
    assertThat(imported.network().isPresent() || !imported.parts().isEmpty()).isTrue();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(ImportAndVerifyTest::isModel).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError("cannot list " + folder, e);
    }
  }

  private static boolean isModel(Path file) {
    String name = file.toFile().getName();
    return name.matches(".*\\.(h5|hdf5|keras|onnx|safetensors|index)")
        && !name.contains("inputs_and_outputs");
  }

  @Test
  void theResourcesHoldTheirFiles() {
    assertThat(list(GoldenSet.RESOURCES.resolve("torch"))).hasSize(50);
  }

  private static void check(Path file) {
    Imported imported = Importer.read(file, ImportOptions.NONE);
    assertThat(imported.left()).contains("input", "loss");
    try (Backend backend = Backend.create(1)) {
      Verification verification =
          Verification.run(backend, imported.network().orElseThrow(), file, false);
      assertThat(verification.tensors()).hasSizeBetween(1, 3);
      assertThat(verification.skipped()).isEmpty();
      assertThat(verification.within(TOLERANCE)).as("%s", verification).isTrue();
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError("cannot list " + folder, e);
    }
  }
}
