package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A training that is stopped from outside leaves the best model so far. */
final class InterruptionTest {
  /**
   * By SIGTERM, which takes the same way through the JVM as the SIGINT of Ctrl-C: a build that runs in
   * the background of a script, and so does this test, has SIGINT ignored.
   */
  @Test
  @Timeout(60)
  void stoppedTrainingSavesTheBestEpoch(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path examples = Cli.examples(folder.resolve("train.tsv"), 200, 1);
    Path model = folder.resolve("model");
    Process training = start(examples, model);
    try (BufferedReader err = training.errorReader()) {
      String line = err.readLine();
      while (line != null && !line.startsWith("epoch 1/")) {
        line = err.readLine();
      }
      training.toHandle().destroy(); // unlike training.destroy(), leaves its output open
      List<String> rest = err.lines().toList();
      assertThat(training.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(training.exitValue()).isEqualTo(143); // 128 + SIGTERM
      assertThat(rest.getLast()).startsWith("interrupted; saved the best epoch, ");
    } finally {
      training.destroyForcibly();
    }

    Provenance provenance = ModelDirectory.read(model).provenance();
    assertThat(provenance.bestEpoch()).isBetween(1, provenance.epochs());
    assertThat(Cli.run("predict", "--model", model, "abc").exitCode()).isZero();
  }

  private static Process start(Path examples, Path model) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "train",
            "--task=classify",
            "--train=" + examples,
            "--valid=" + examples,
            "--model=" + model,
            "--hidden=16",
            "--patience=0",
            "--epochs=1000000")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
