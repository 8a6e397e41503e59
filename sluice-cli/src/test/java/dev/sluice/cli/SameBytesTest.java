package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same bytes, however often and on however many threads. */
final class SameBytesTest {
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "vocabulary.txt");

  @TempDir Path folder = Path.of("");

  @Test
  void repeatedTrainingAndAnyNumberOfThreads() throws IOException {
    Path first = train("first", "--threads=1");
    for (int threads : new int[] {1, 2, 5}) {
      Path again = train("threads" + threads, "--threads=" + threads);
      for (String file : FILES) {
        assertThat(again.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
      }
    }
    Path other = train("other", "--seed=2");
    assertThat(Files.mismatch(other.resolve(FILES.get(1)), first.resolve(FILES.get(1))))
        .isNotNegative();
  }

  /** Two layers and a batch large enough that threads share the work. */
  private Path train(String name, String more) throws IOException {
    Path examples = Cli.examples(folder.resolve("train.tsv"), 256, 1);
    Path model = folder.resolve(name);
    Cli.Result result =
        Cli.train(examples, examples, model, "--hidden=48", "--layers=2", "--batch=64", more);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return model;
  }
}
