package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is set for a training: in a file, on the command line before it, and written down whole. */
final class TrainSettingsTest {
  @TempDir Path folder = Path.of("");
  private Path examples = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void writeExamples() throws IOException {
    examples = Cli.examples(folder.resolve("examples.tsv"), 40, 1);
    model = folder.resolve("model");
  }

  private Path yaml(String content) throws IOException {
    return Files.writeString(folder.resolve("given.yaml"), content);
  }

  private String small() {
    return """
    task: classify
    train: %s # a comment
    valid: %<s
    hidden: 4
    embedding: 4
    epochs: 2
    bidirectional: false
    optimizer: sgd(momentum=0.9)
    schedule: 'decay(after=1, factor=0.5)'
    init: uniform(0.1)
    learning_rate: 1
    """
        .formatted(examples);
  }

  @Test
  void aFileHoldsAllThatARunNeedsAndTheCommandLineGoesBeforeIt() throws IOException {
    Result result =
        Cli.run(
            "train", "--config", yaml(small()), "--model", model, "--epochs=1", "--clip-value=0.5");
    assertThat(result.exitCode()).as(result.err()).isZero();
    String resolved = Files.readString(model.resolve("run.yaml"));
    assertThat(resolved.lines())
        .contains(
            "task: classify",
            "train: " + examples,
            "epochs: 1",
            "clip_value: 0.5",
            "hidden: 4",
            "bidirectional: false",
            "optimizer: sgd(momentum=0.9)",
            "init:",
            "- uniform(0.1)",
            "dropout: 0.3",
            "seed: 1")
        .noneMatch(line -> line.startsWith("model") || line.startsWith("threads"));
    assertThat(Cli.run("info", model).out())
        .contains("1 LSTM layer of 4 units", "sgd(momentum=0.9)");
  }

  @Test
  void whatWasWrittenDownGivesTheSameModelAgain() throws IOException {
    Cli.run("train", "--config", yaml(small()), "--model", model, "--patience=3", "--words");
    Path again = folder.resolve("again");
    Result result = Cli.run("train", "--config", model.resolve("run.yaml"), "--model", again);
    assertThat(result.exitCode()).as(result.err()).isZero();
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        assertThat(again.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hiden: 3             | :12: unknown key hiden; did you mean hidden?
          learning-rate: 3     | :12: unknown key learning-rate; did you mean learning_rate?
          zzzzzzzz: 3          | :12: unknown key zzzzzzzz; see --help for what there is
          layers: two          | :12: layers: expected a whole number, got "two"
          layers: 1.5          | :12: layers: expected a whole number, got "1.5"
          layers:              | :12: layers: expected a whole number, got nothing
          dropout: [0.5]       | :12: dropout: expected a number, got a list
          words: yes           | :12: words: expected true or false, got "yes"
          task: tag            | :12: task is there twice
          model: out           | :12: unknown key model;
          - 3                  | :12: no YAML
          dropout: 2           | --dropout: expected 0 or more and less than 1, got 2.0
          clip_value: -1       | --clip-value: expected 0 or more, got -1.0
          accumulate: 0        | --accumulate: expected at least 1, got 0
          label_smoothing: 1   | --label-smoothing: expected 0 or more and less than 1, got 1.0
          """)
  void whatCannotBeFollowed(String line, String message) throws IOException {
    Path file = yaml(small() + line + "\n");
    Result result = Cli.run("train", "--config", file, "--model", model);
    assertThat(result.exitCode()).isEqualTo(2);
    String start = message.startsWith(":") ? "sluice: " + file : "sluice: ";
    assertThat(result.errLines()).singleElement().asString().startsWith(start + message);
    assertThat(model).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --optimizer=lion     | --optimizer: unknown optimizer "lion"; known are sgd(
          --schedule=step(2)   | --schedule: schedule "step(2)": factor is missing
          --init=normall       | --init: unknown initializer "normall"; known are zeros
          --keep-checkpoints=0 | --keep-checkpoints: expected at least 1, got 0
          """)
  void namesThatAreNone(String option, String message) {
    Result result = Cli.train(examples, examples, model, option);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines()).singleElement().asString().startsWith("sluice: " + message);
  }

  @Test
  void aFileThatIsMissing() {
    Path none = folder.resolve("none.yaml");
    assertThat(Cli.run("train", "--config", none, "--model", model).err().strip())
        .isEqualTo("sluice: " + none + ": no such file; check the path");
    assertThat(Cli.run("train", "--resume", model).err().strip())
        .isEqualTo(
            "sluice: "
                + model
                + ".run: holds no training to resume; check the path, or begin one without"
                + " --resume");
  }

  @Test
  void optionsThatTheTaskCannotDoWithout() {
    assertThat(Cli.run("train", "--task=classify", "--model", model, "--train=x").err().strip())
        .isEqualTo("sluice: Missing required options: '--valid=FILE'; see sluice train --help");
  }

  @Test
  void theTaskHasHelpOfItsOwn() {
    assertThat(Cli.run("train", "--help").out()).contains("--epochs").doesNotContain("--ngrams");
    assertThat(Cli.run("train", "--task", "classify", "--help").out())
        .contains("--epochs", "--ngrams", "--label-smoothing");
  }

  @Test
  void aFinishedRunTellsHowItWentAndCanBeResumedToTheSame() throws IOException {
    Cli.train(examples, examples, model, "--epochs=4", "--patience=0");
    Path metrics = folder.resolve("model.run").resolve("metrics.jsonl");
    List<String> lines = Files.readAllLines(metrics);
    assertThat(lines)
        .hasSize(5)
        .anyMatch(line -> line.matches("\\{\"step\":20,\"epoch\":4,\"loss\":.*\"gradient_norm\".*"))
        .last()
        .asString()
        .matches("\\{\"step\":20,\"epoch\":4,\"train_loss\":.*\"metric\":\"accuracy\".*");
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
    Files.writeString(metrics, Files.readString(metrics) + "{\"step\":21,\"epo");
    Result result = Cli.run("train", "--resume", folder.resolve("model.run"));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(Files.readAllLines(metrics)).isEqualTo(lines);
    assertThat(model.resolve("model.safetensors")).hasBinaryContent(weights);
  }

  @Test
  void aFinishedRunGoesOnWithMoreEpochs() throws IOException {
    Cli.train(examples, examples, model, "--epochs=2", "--schedule=constant");
    Result more = Cli.run("train", "--resume", model, "--epochs=3");
    assertThat(more.exitCode()).as(more.err()).isZero();
    assertThat(more.err())
        .contains("resuming in epoch 3 after 0 of its batches", "epoch 3/3")
        .doesNotContain("warning");
    Path whole = folder.resolve("whole");
    Cli.train(examples, examples, whole, "--epochs=3", "--schedule=constant");
    assertThat(whole.resolve("model.safetensors"))
        .hasSameBinaryContentAs(model.resolve("model.safetensors"));
  }

  @Test
  void moreEpochsThanAScheduleWasForAreTold() {
    String cosine = "--schedule=warmup(3) then cosine";
    Cli.train(examples, examples, model, "--epochs=2", cosine);
    assertThat(Cli.run("train", "--resume", model).err()).doesNotContain("warning");
    assertThat(Cli.run("train", "--resume", model, "--epochs=3").errLines())
        .contains(
            "warning: schedule warmup(3) then cosine spans all epochs; with 3 in place of 2 the"
                + " rate goes on from another value, and the model is not that of 3 at once");
  }

  @Test
  void aRunThatDivergesKeepsTheLastGoodState() {
    Result diverged =
        Cli.train(
            examples,
            examples,
            model,
            "--optimizer=sgd",
            "--clip=0",
            "--learning-rate=0.1",
            "--schedule=exponential(1e38)");
    assertThat(diverged.exitCode()).isEqualTo(2);
    assertThat(
            diverged.errLines().subList(diverged.errLines().size() - 3, diverged.errLines().size()))
        .satisfiesExactly(
            saved -> assertThat(saved).startsWith("saved the best epoch, 1 of 1, "),
            kept ->
                assertThat(kept)
                    .isEqualTo(
                        "the last good state is kept; go on with sluice train --resume "
                            + model
                            + " --learning-rate 0.05"),
            why ->
                assertThat(why)
                    .matches(
                        "sluice: training diverged in epoch 2, step [0-9]+: loss .*, gradient norm"
                            + " .*, first in the (weights|gradient) of .*; try a smaller learning"
                            + " rate or a smaller clip"));
    Result resumed = Cli.run("train", "--resume", model, "--schedule=constant");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
  }

  @Test
  void changedDataIsRefused() throws IOException {
    Cli.train(examples, examples, model);
    Files.writeString(examples, "low\tabc\nhigh\txyz\n");
    Result result = Cli.run("train", "--resume", model);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("the run learned from other data (training ");
  }
}
