package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help is everywhere, and has examples. */
final class HelpTest {
  @Test
  void listsTheCommands() {
    Result help = Cli.run("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("Usage: sluice [-hV] [--debug] COMMAND")
        .contains(
            "  demo ", "  train ", "  evaluate ", "  predict ", "  sample ", "  info ", "  bench ")
        .contains("Examples:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "train", "evaluate", "predict", "info"})
  void everyCommandHasHelpWithExamples(String command) {
    Result help = Cli.run(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .startsWith("Usage: sluice " + command)
        .contains("--json")
        .contains("--threads=N")
        .contains("Examples:")
        .contains("\n  sluice " + command);
  }

  @Test
  void version() {
    Result version = Cli.run("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.outLines().getFirst()).startsWith("sluice ");
    assertThat(version.outLines().getLast()).isEqualTo("Java " + Version.java());
  }
}
