package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of taggers, classifiers of numbers and predictors of sets through the commands. */
final class LabellingCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder = Path.of("");

  @Test
  void aTagger() throws IOException {
    String sentences =
        """
        1\tthe\tthe\tDET\tDT\t_\t_\t_\t_\t_
        2\tcat\tcat\tNOUN\tNN\t_\t_\t_\t_\t_
        3\tran\trun\tVERB\tVBD\t_\t_\t_\t_\t_

        1\tRan\trun\tVERB\tVBD\t_\t_\t_\t_\t_
        2\tthe\tthe\tDET\tDT\t_\t_\t_\t_\t_
        3\tdog\tdog\tNOUN\tNN\t_\t_\t_\t_\t_

        """;
    Path train = file("train.conllu", sentences.repeat(8));
    Result trained =
        train(
            "tag", train, train, "--column=upos", "--hidden=12", "--epochs=8", "--word-dropout=0");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.errLines().getFirst())
        .isEqualTo("16 sentences, 3 tags, 5 words, 12 characters, 55,103 parameters");
    assertThat(trained.errLines().getLast()).endsWith("validation accuracy 100.00 %");
    assertThat(folder.resolve("m/run.yaml")).content().contains("task: tag", "column: UPOS");

    assertThat(Cli.run("evaluate", "--model", folder.resolve("m"), train).outLines())
        .startsWith("accuracy  100.00 %  (48 examples)");
    assertThat(Cli.run("predict", "--model", folder.resolve("m"), "the dog  ran", "Ran").outLines())
        .containsExactly("the\tDET", "dog\tNOUN", "ran\tVERB", "", "Ran\tVERB", "");
    assertThat(
            Cli.runWithInput(sentences, "predict", "--model", folder.resolve("m"), "--conllu")
                .outLines())
        .containsExactly(
            "the\tDET", "cat\tNOUN", "ran\tVERB", "", "Ran\tVERB", "the\tDET", "dog\tNOUN", "");
    JsonNode answer =
        JSON.readTree(
            Cli.runWithInput("\nthe cat\n", "predict", "--model", folder.resolve("m"), "--json")
                .out());
    assertThat(answer.get("tags").toString()).isEqualTo("[\"DET\",\"NOUN\"]");
    assertThat(Cli.run("info", folder.resolve("m")).out())
        .contains("task      tag, 3 labels")
        .contains("words, embedding 100, characters, embedding 32, 50 LSTM units, dropout 0.4")
        .contains("char_lstm_l0_reverse: LSTM 32 -> 50")
        .contains("validation accuracy 100.00 %");
  }

  @Test
  void aClassifierOfNumbers() throws IOException {
    String examples =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? "up\t%d,0 %d,0".formatted(i, i + 9)
                        : "down\t%d,0 %d,0 %d,0".formatted(i + 9, i, i - 9))
            .collect(Collectors.joining("\n"));
    Path train = file("train.txt", examples);
    // other numbers, so that a scaler that sees them would be another one
    Path valid = file("valid.txt", "up\t1000,1 2000,1\ndown\t5000,1 4000,1 3000,1\n");
    Result trained =
        train("classify-numbers", train, valid, "--hidden=8", "--cell=gru", "--epochs=5");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.errLines().getFirst())
        .isEqualTo("20 examples, 2 labels, 2 channels, 610 parameters");
    double sum = 0;
    double count = 0;
    for (String line : examples.lines().toList()) {
      for (String step : line.substring(line.indexOf('\t') + 1).split(" ", -1)) {
        sum += Double.parseDouble(step.split(",", -1)[0]);
        count++;
      }
    }
    JsonNode scaler = JSON.readTree(Files.readString(folder.resolve("m/scaler.json")));
    assertThat(scaler.at("/mean/0").floatValue()).isEqualTo((float) (sum / count));
    assertThat(scaler.at("/deviation/1").floatValue()).isEqualTo(1);

    assertThat(Cli.run("evaluate", "--model", folder.resolve("m"), train).outLines().getFirst())
        .startsWith("accuracy  ")
        .endsWith("(20 examples)");
    assertThat(Cli.run("predict", "--model", folder.resolve("m"), "1,0 10,0", "--top=2").out())
        .matches("(up|down)\t0\\.\\d{4}\t(up|down)\t0\\.\\d{4}\\R");
    assertError(
        Cli.run("predict", "--model", folder.resolve("m"), "1,0 10"),
        "'1,0 10': step 2 has 1 value(s), the first one has 2");
    assertError(
        Cli.run("evaluate", "--model", folder.resolve("m"), file("wide.txt", "up\t1,2,3\n")),
        "wide.txt:1: expected 2 channel(s), got 3");
    assertError(
        Cli.run("predict", "--model", folder.resolve("m"), "1,0,2"),
        "'1,0,2': expected 2 channel(s), got 3");
    assertError(
        Cli.run("evaluate", "--model", folder.resolve("m"), train, "--streams=2"),
        "--streams is for language models");
    assertError(
        Cli.run("evaluate", "--model", folder.resolve("m"), train, "--to=2017"),
        "--from, --to and --season are for forecasters");
    assertThat(Cli.run("info", folder.resolve("m")).out())
        .contains("task      classify-numbers, 2 labels")
        .contains("network   2 channels of numbers, last output, dropout 0.3");
  }

  @Test
  void aPredictorOfSets() throws IOException {
    Path train = file("train.txt", "do,mi re do,mi re do,mi re\nre do,mi re do,mi -\n".repeat(10));
    Result trained =
        train(
            "next-set",
            train,
            train,
            "--hidden=16",
            "--epochs=12",
            "--dropout=0",
            "--labels=do,re,mi,fa");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.errLines().getFirst()).startsWith("20 sequences, 4 labels, ");
    assertThat(trained.errLines().getLast()).contains("validation loss 0.");
    JsonNode report =
        JSON.readTree(Cli.run("evaluate", "--model", folder.resolve("m"), train, "--json").out());
    assertThat(report.get("examples").intValue()).isEqualTo(90);
    assertThat(report.get("micro_f1").doubleValue()).isGreaterThan(0.9);
    assertThat(Cli.run("predict", "--model", folder.resolve("m"), "do,mi").out())
        .matches("re\t0\\.\\d{4}\\R");
    assertThat(Cli.run("info", folder.resolve("m")).out()).contains("result    the best epoch, ");
    assertError(
        Cli.run("predict", "--model", folder.resolve("m"), "sol"),
        "'sol': label 'sol' is not among do");
    assertThat(train("next-set", train, train, "--labels=5..2").err())
        .contains("--labels: expected a rising range of at most 1,000,000 labels, got 5..2");
  }

  @Test
  void textsWithSeveralLabels() throws IOException {
    Path train = file("train.tsv", "a,b\taxb\na\taxa\nb\txbb\n-\txyx\n".repeat(20));
    Result trained =
        train(
            "classify", train, train, "--multi-label", "--hidden=8", "--epochs=12", "--dropout=0");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.errLines().getLast()).endsWith("validation micro F1 100.00 %");
    assertThat(Cli.run("evaluate", "--model", folder.resolve("m"), train).outLines())
        .contains("micro F1  100.0 %", "macro F1  100.0 %", "all right 100.0 %");
    List<String> answers =
        Cli.run("predict", "--model", folder.resolve("m"), "axb", "xyx").outLines();
    assertThat(answers.getFirst()).containsPattern("a\t0").containsPattern("b\t0");
    assertThat(answers.getLast()).isEqualTo("-");
    assertThat(Cli.run("info", folder.resolve("m")).out())
        .contains("task      classify, several labels for a text, 2 labels")
        .containsPattern("result    the best epoch, \\d+ of 12\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tag              | a\tX\\nb\tX     | every word has the tag 'X'; a tagger needs at least two tags
          tag              | a b             | train:1: expected token<TAB>tag, got 1 column(s)
          classify-numbers | x\t1,2          | every example has the label 'x'
          classify-numbers | x 1,2           | train:1: no tab between label and numbers
          next-set         | - -             | holds no label, only empty steps
          next-set         | 1               | train:1: a sequence of one step has no next one to predict
          """)
  void badFiles(String task, String content, String message) throws IOException {
    Path train = file("train", content.replace("\\t", "\t").replace("\\n", "\n") + "\n");
    assertError(train(task, train, train), message);
    assertThat(folder.resolve("m")).doesNotExist();
  }

  private Result train(String task, Path train, Path valid, String... options) {
    return Cli.run(
        Stream.concat(
                Stream.of(
                    "train",
                    "--task",
                    task,
                    "--train",
                    train,
                    "--valid",
                    valid,
                    "--model",
                    folder.resolve("m"),
                    "--batch=4",
                    "--learning-rate=0.02",
                    "--patience=0"),
                Stream.of((Object[]) options))
            .toArray());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static void assertError(Result result, String message) {
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(message).hasLineCount(1);
  }
}
