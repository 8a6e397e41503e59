package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong: one line that says what to do, exit code 2, and nothing is left behind. */
final class BadInputTest {
  @TempDir Path folder = Path.of("");
  private Path good = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void writeExamples() throws IOException {
    good = Cli.examples(folder.resolve("good.tsv"), 20, 1);
    model = folder.resolve("model");
  }

  @Test
  void unknownTask() {
    Result result = Cli.run("train", "--task=parse", "--train", good, "--model", model);
    assertOneLine(result, "sluice: ");
    assertThat(result.err())
        .contains("Invalid value for option '--task': expected one of [classify, ")
        .contains("language-model, forecast, detect] but was 'parse'; see sluice train --help");
  }

  @Test
  void missingAndEmptyFiles() throws IOException {
    Path missing = folder.resolve("missing.tsv");
    refusesToTrain(missing, good, "sluice: " + missing + ": no such file; check the path");
    Path empty = Files.createFile(folder.resolve("empty.tsv"));
    refusesToTrain(
        empty,
        good,
        "sluice: " + empty + ": holds no example; write one label<TAB>text on each line");
    refusesToTrain(good, empty, "sluice: " + empty + ": holds no example");
  }

  @Test
  void lineWithoutTab() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.tsv"), "low\tabc\nlow abc\n");
    String message = file + ":2: no tab between label and text; write label<TAB>text";
    refusesToTrain(file, good, "sluice: " + message);
    refusesToTrain(good, file, "sluice: " + message);
  }

  @Test
  void wrongEncoding() throws IOException {
    Path file = folder.resolve("latin.tsv");
    Files.writeString(file, "low\tabc\nhigh\tcafé\n", StandardCharsets.ISO_8859_1);
    refusesToTrain(file, good, "sluice: " + file + ":2: not UTF-8; is it ISO-8859-1?");
  }

  @Test
  void labelThatTrainingDoesNotKnow() throws IOException {
    Path file = Files.writeString(folder.resolve("dev.tsv"), "low\tabc\nmiddle\tklm\n");
    refusesToTrain(
        good,
        file,
        "sluice: " + file + ":2: label 'middle' does not occur in training, which has high, low");
  }

  @Test
  void onlyOneLabel() throws IOException {
    Path file = Files.writeString(folder.resolve("one.tsv"), "low\tabc\nlow\tcba\n");
    refusesToTrain(
        file,
        good,
        "sluice: "
            + file
            + ": every example has the label 'low'; a classifier needs at least two labels");
  }

  @Test
  void modelDirectoryThatIsSomethingElse() throws IOException {
    model = Files.createDirectory(folder.resolve("photos"));
    Path photo = Files.writeString(model.resolve("holiday.jpg"), "");
    Result result = Cli.train(folder.resolve("not-even-read"), good, model);
    assertOneLine(result, "sluice: " + model + ": exists and is not a model directory");
    assertThat(photo).exists();
  }

  @Test
  void divergedTrainingSavesNothing() throws IOException {
    Path train = Cli.examples(folder.resolve("train.tsv"), 20, 1);
    Result result =
        Cli.train(
            train,
            good,
            model,
            "--optimizer=sgd",
            "--learning-rate=1e38",
            "--clip=0",
            "--epochs=50");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines().getLast())
        .startsWith("sluice: training diverged in epoch ")
        .endsWith("try a smaller learning rate or a smaller clip");
    assertThat(model).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --embedding=0     | --embedding: expected at least 1, got 0
          --hidden=-1       | --hidden: expected at least 1, got -1
          --layers=0        | --layers: expected at least 1, got 0
          --epochs=0        | --epochs: expected at least 1, got 0
          --batch=0         | --batch: expected at least 1, got 0
          --patience=-1     | --patience: expected at least 0, got -1
          --min-count=0     | --min-count: expected at least 1, got 0
          --max-vocabulary=1 | --max-vocabulary: expected at least 2, got 1
          --dropout=1       | --dropout: expected 0 or more and less than 1, got 1.0
          --dropout=NaN     | --dropout: expected 0 or more and less than 1, got NaN
          --learning-rate=0 | --learning-rate: expected above 0, got 0.0
          --clip=-1         | --clip: expected 0 or more, got -1.0
          --threads=0       | --threads: expected 1 to 1024, got 0
          --hidden=40000    | the network has more weights than an array can hold
          --hidden=big      | Invalid value for option '--hidden': 'big' is not an int; see sluice train --help
          --hiden=3         | Unknown option: '--hiden=3'; did you mean --hidden?; see sluice train --help
          --words --characters | --words
          """)
  void wrongOptions(String options, String message) {
    Result result = Cli.train(good, good, model, options.split(" "));
    assertOneLine(result, "sluice: ");
    assertThat(result.err()).contains(message);
    assertThat(model).doesNotExist();
  }

  @Test
  void noCommandAndUnknownCommand() {
    assertOneLine(Cli.run(), "sluice: which command? see sluice --help");
    assertOneLine(Cli.run("trian"), "sluice: Unmatched argument at index 0: 'trian'");
    assertOneLine(Cli.run("train"), "sluice: Missing required options");
    Result misspelt = Cli.run("predict", "--modl=" + model, "x");
    assertOneLine(misspelt, "sluice: Unknown option: '--modl=");
    assertThat(misspelt.err()).contains("; did you mean --model?; see sluice predict --help");
    assertOneLine(Cli.run("predict", "--model", model, "--top", 0, "x"), "sluice: --top: expected");
  }

  @Test
  void evaluatePredictAndInfoRefuseBadModelsAndFiles() throws IOException {
    String none = "sluice: " + model + ": no such model directory";
    assertOneLine(Cli.run("evaluate", "--model", model, good), none);
    assertOneLine(Cli.run("predict", "--model", model, "abc"), none);
    assertOneLine(Cli.run("info", model), none);

    assertThat(Cli.train(good, good, model).exitCode()).isZero();
    Path unknown = Files.writeString(folder.resolve("unknown.tsv"), "middle\tklm\n");
    assertOneLine(
        Cli.run("evaluate", "--model", model, unknown),
        "sluice: " + unknown + ":1: label 'middle' does not occur in training");

    Result latin =
        Cli.runWithInput(
            "abc\ncafé\n".getBytes(StandardCharsets.ISO_8859_1), "predict", "--model", model);
    assertThat(latin.outLines()).hasSize(1);
    assertThat(latin.exitCode()).isEqualTo(2);
    assertThat(latin.err()).startsWith("sluice: standard input:2: not UTF-8;").hasLineCount(1);

    Files.writeString(model.resolve("model.safetensors"), "cut");
    assertOneLine(
        Cli.run("predict", "--model", model, "abc"),
        "sluice: " + model.resolve("model.safetensors") + ": 3 bytes are too few");
  }

  @Test
  void debugShowsWhere() {
    Result result = Cli.run("--debug", "predict", "--model", model, "abc");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("sluice: " + model)
        .contains("ModelFileException")
        .contains("at dev.sluice.io.ModelDirectory.open");
    assertThat(Cli.run("predict", "--model", model, "abc", "--debug").err()).contains("\tat ");
  }

  private void refusesToTrain(Path train, Path valid, String message) throws IOException {
    assertOneLine(Cli.train(train, valid, model), message);
    assertThat(model).doesNotExist();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("."));
    }
  }

  private static void assertOneLine(Result result, String start) {
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.errLines()).singleElement().asString().startsWith(start);
  }
}
