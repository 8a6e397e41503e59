package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of a model through the commands: train, evaluate, predict, info. */
final class CommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder = Path.of("");
  private static Path model = Path.of("");
  private static Path test = Path.of("");
  private static Result trained = new Result(0, "", "");

  @BeforeAll
  static void train() throws IOException {
    model = folder.resolve("model");
    test = Cli.examples(folder.resolve("test.tsv"), 40, 3);
    trained =
        Cli.train(
            Cli.examples(folder.resolve("train.tsv"), 120, 1),
            Cli.examples(folder.resolve("valid.tsv"), 40, 2),
            model,
            "--json");
  }

  @Test
  void trainTellsEachEpochAndSavesTheBest() {
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.errLines().getFirst())
        .isEqualTo("120 examples, 2 labels, 11 tokens, 1,274 parameters");
    assertThat(trained.errLines().get(1))
        .matches(
            "epoch 1/2  train loss 0\\.\\d{4}  valid loss 0\\.\\d{4}  valid accuracy [0-9.]+ %"
                + "  [0-9,]+ sequences/s  [0-9.]+ s  best");
    assertThat(trained.errLines().getLast())
        .startsWith("saved " + model + ": the best epoch, ")
        .endsWith("validation accuracy 100.00 %");
    JsonNode report = JSON.readTree(trained.out());
    assertThat(report.get("model").stringValue()).isEqualTo(model.toString());
    assertThat(report.get("epochs").intValue()).isEqualTo(2);
    assertThat(report.get("validation_accuracy").doubleValue()).isEqualTo(1);
  }

  @Test
  void evaluatePrintsFiguresAndConfusion() {
    Result result = Cli.run("evaluate", "--model", model, test);
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.outLines())
        .containsExactly(
            "accuracy  100.00 %  (40 examples)",
            "macro F1  100.00 %",
            "",
            "label  examples  precision   recall       F1",
            "high         20    100.0 %  100.0 %  100.0 %",
            "low          20    100.0 %  100.0 %  100.0 %",
            "",
            "label \\ taken for  high  low",
            "high                 20    0",
            "low                   0   20");
  }

  @Test
  void evaluateJson() throws IOException {
    Path mixed = Files.writeString(folder.resolve("mixed.tsv"), "low\tabc\nlow\tvwx\nlow\txyz\n");
    JsonNode report = JSON.readTree(Cli.run("evaluate", "--model", model, mixed, "--json").out());
    assertThat(report.get("examples").intValue()).isEqualTo(3);
    assertThat(report.get("accuracy").doubleValue()).isEqualTo(1 / 3.0);
    assertThat(report.get("macro_f1").doubleValue()).isEqualTo(0.25);
    assertThat(report.at("/labels/1/label").stringValue()).isEqualTo("low");
    assertThat(report.at("/labels/1/examples").intValue()).isEqualTo(3);
    assertThat(report.at("/labels/1/precision").doubleValue()).isEqualTo(1);
    assertThat(report.at("/confusions/0").toString())
        .isEqualTo("{\"label\":\"low\",\"predicted\":\"high\",\"count\":2}");
  }

  @Test
  void evaluateReadsGzip() throws IOException {
    Path zipped = folder.resolve("test.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      Files.copy(test, out);
    }
    assertThat(Cli.run("evaluate", "--model", model, zipped).out())
        .isEqualTo(Cli.run("evaluate", "--model", model, test).out());
  }

  @Test
  void predictAnswersArguments() {
    Result result = Cli.run("predict", "--model", model, "--top", 5, "aabb", "zzyy");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).hasSize(2);
    assertThat(result.outLines().getFirst()).matches("low\t0\\.\\d{4}\thigh\t0\\.\\d{4}");
    assertThat(result.outLines().getLast()).matches("high\t0\\.\\d{4}\tlow\t0\\.\\d{4}");
  }

  @Test
  void predictAnswersEachLineOfStandardInputInOrder() {
    Result result =
        Cli.runWithInput("aabb\n\nzzyy\n" + "abcde\n".repeat(1000), "predict", "--model", model);
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).hasSize(1003);
    assertThat(result.outLines().get(0)).startsWith("low\t");
    assertThat(result.outLines().get(2)).startsWith("high\t");
    assertThat(result.outLines().subList(3, 1003)).allMatch(line -> line.startsWith("low\t"));
  }

  @Test
  void predictJsonKeepsTheText() {
    Result result = Cli.runWithInput("aa \"b\"\n", "predict", "--model", model, "--json");
    JsonNode answer = JSON.readTree(result.out());
    assertThat(answer.get("text").stringValue()).isEqualTo("aa \"b\"");
    assertThat(answer.at("/predictions/0/label").stringValue()).isEqualTo("low");
    assertThat(answer.at("/predictions/0/probability").doubleValue()).isBetween(0.5, 1.0);
    assertThat(answer.get("predictions")).hasSize(1);
  }

  @Test
  void predictTakesATextLongerThanAnyBeforeAndUnknownCharacters() {
    Result result = Cli.run("predict", "--model", model, "abcde".repeat(2000), "漢字 \uD800");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.outLines()).hasSize(2);
    assertThat(result.outLines().getFirst()).startsWith("low\t");
  }

  @Test
  void trainsOnWords() throws IOException {
    Path examples =
        Files.writeString(folder.resolve("words.tsv"), "a\tOne two\nb\ttwo three\n".repeat(4));
    Path words = folder.resolve("words");
    Result result = Cli.train(examples, examples, words, "--words", "--no-bidirectional");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(Cli.run("info", words).out())
        .contains("network   words, embedding 8, 1 LSTM layer of 8 units, dropout 0.3, 4 tokens");
  }

  @Test
  void infoOfTheMachine() {
    Result result = Cli.run("info", "--threads", 3);
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).hasSize(5);
    assertThat(result.out())
        .contains("java      " + Runtime.version())
        .containsPattern("kernels   (vector, \\d+ bit|scalar): .*jdk\\.incubator\\.vector")
        .contains("threads   3");
  }

  @Test
  void infoOfCells() {
    Result result = Cli.run("info", "--cells", "--input", 3, "--hidden", 4);
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains(
            """
            LSTM with peepholes
              3 -> 4; state h 4, c 4; 156 parameters; formula, step by step

                z_i, z_f, z_g, z_o = b_ih + b_hh + x·W_ih + h·W_hh
                i = σ(z_i + w_ci⊙c)
            """);
    assertThat(result.outLines()).allMatch(line -> line.length() <= 100);
    JsonNode cells = JSON.readTree(Cli.run("info", "--cells", "--json").out()).get("cells");
    assertThat(cells.at("/0/parameters").intValue()).isEqualTo(4 * 128 * (64 + 128 + 2));
    assertThat(cells.at("/0/state/1").toString()).isEqualTo("{\"name\":\"c\",\"size\":128}");
    assertThat(cells.at("/0/kernel").stringValue()).isEqualTo("fused kernel");
  }

  @Test
  void infoOfCellsThatCannotBe() {
    Result none = Cli.run("info", "--cells", "--hidden", 0);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err().strip()).isEqualTo("sluice: --hidden: expected 1 to 1,000,000, got 0");
    assertThat(Cli.run("info", "--input", 3).err())
        .startsWith("sluice: Missing required argument(s): --cells");
  }

  @Test
  void infoOfAModel() {
    assertThat(Cli.run("info", model).outLines())
        .contains(
            "task      classify, 2 labels",
            "network   characters, embedding 8, 1 bidirectional LSTM layer of 8 units, dropout 0.3,"
                + " 11 tokens",
            "layer     lstm_l0_reverse: LSTM 8 -> 8; state h 8, c 8; 576 parameters; fused kernel",
            "formula   of LSTM",
            "          h' = σ(z_o)⊙tanh(c')",
            "lstm.weight_hh_l0_reverse  [32, 8]    256  1,024",
            "total                               1,274  5,096")
        .anyMatch(line -> line.matches("data      120 examples, sha-256 [0-9a-f]{64}"));
    JsonNode report = JSON.readTree(Cli.run("info", model, "--json").out());
    assertThat(report.at("/model/count").intValue()).isEqualTo(1274);
    assertThat(report.at("/model/parameters/0/shape").toString()).isEqualTo("[11,8]");
    assertThat(report.at("/model/layers/1/name").stringValue()).isEqualTo("lstm_l0_reverse");
    assertThat(report.at("/model/layers/1/formula").stringValue()).contains("σ(z_f)⊙c");
    assertThat(report.at("/model/training/learning_rate").doubleValue()).isEqualTo(0.05);
    assertThat(report.at("/model/provenance/training/examples").intValue()).isEqualTo(120);
  }
}
