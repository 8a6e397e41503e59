package dev.sluice.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The files of a task that learns from examples: the options that all such tasks have. */
final class ExampleFiles {
  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "Examples to learn from.")
  private Path training = Path.of("");

  @Option(
      names = "--valid",
      required = true,
      paramLabel = "FILE",
      description = "Examples that choose the best epoch.")
  private Path validation = Path.of("");

  Path training() {
    return training;
  }

  Path validation() {
    return validation;
  }
}
