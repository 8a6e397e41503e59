package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of a language model through the commands: train, evaluate, sample, info. */
final class LanguageModelCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LINE = "the cat sat on the mat\n";

  @TempDir static Path folder = Path.of("");
  private static Path text = Path.of("");
  private static Path model = Path.of("");
  private static Path characters = Path.of("");
  private static Result trained = new Result(0, "", "");

  @BeforeAll
  static void train() throws IOException {
    text = Files.writeString(folder.resolve("text"), LINE.repeat(60)); // 7 tokens a line
    model = folder.resolve("words");
    trained = train(model, "--words", "--tied", "--test=" + text, "--json");
    characters = folder.resolve("characters");
    train(characters, "--characters", "--cell=gru");
  }

  private static Result train(Path to, String... more) {
    List<String> tiny =
        List.of(
            "--embedding=16",
            "--hidden=16",
            "--layers=1",
            "--dropout=0",
            "--steps=7",
            "--batch=4",
            "--epochs=6",
            "--learning-rate=0.05");
    Stream<Object> fixed =
        Stream.of(
            "train", "--task=language-model", "--train", text, "--valid", text, "--model", to);
    return Cli.run(Stream.concat(fixed, Cli.options(tiny, more)).toArray());
  }

  @Test
  void trainTellsHowItReadsAndTestsTheBestEpoch() {
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.errLines().getFirst())
        .isEqualTo(
            "420 words, 7 different, 2,295 parameters; validation reads 10 streams and drops the"
                + " rest");
    assertThat(trained.errLines().get(1))
        .matches(
            "epoch 1/6  train loss [0-9.]+  valid loss [0-9.]+  valid perplexity [0-9.]+"
                + "  [0-9,]+ words/s  [0-9.]+ s  best");
    assertThat(trained.errLines().getLast()).matches("test loss 0\\.\\d{4}, perplexity 1\\.\\d{4}");
    JsonNode report = JSON.readTree(trained.out());
    double loss = report.get("validation_loss").doubleValue();
    assertThat(report.get("validation_perplexity").doubleValue()).isEqualTo(StrictMath.exp(loss));
    assertThat(report.get("test_loss").doubleValue()).isEqualTo(loss); // the same text
  }

  @Test
  void evaluateReadsEveryTokenOrAsManyStreamsAsOneLikes() {
    Result exact = Cli.run("evaluate", "--model", model, text);
    assertThat(exact.exitCode()).as(exact.err()).isZero();
    assertThat(exact.outLines()).hasSize(3);
    assertThat(exact.outLines().getFirst()).matches("loss        0\\.\\d{4} nats per word");
    assertThat(exact.outLines().get(1)).matches("perplexity  1\\.\\d\\d");
    assertThat(exact.outLines().getLast())
        .isEqualTo("read        419 words predicted, 0 unknown; one stream, all but its first");
    JsonNode streams =
        JSON.readTree(Cli.run("evaluate", "--model", model, text, "--streams=10", "--json").out());
    assertThat(streams.get("tokens").intValue()).isEqualTo(10 * 41);
    assertThat(streams.get("loss").doubleValue())
        .isEqualTo(JSON.readTree(trained.out()).get("test_loss").doubleValue());
    assertThat(streams.get("bits_per_character").isNull()).isTrue();
  }

  @Test
  void charactersHaveBits() throws IOException {
    Path unknown = Files.writeString(folder.resolve("unknown"), "the dog\n");
    assertThat(Cli.run("evaluate", "--model", characters, unknown).out())
        .containsPattern("\\d+\\.\\d{4} bits per character")
        .contains("7 characters predicted, 2 unknown");
    JsonNode json = JSON.readTree(Cli.run("evaluate", "--model", characters, text, "--json").out());
    assertThat(json.get("bits_per_character").doubleValue())
        .isEqualTo(json.get("loss").doubleValue() / StrictMath.log(2));
  }

  @Test
  void sampleWritesTheSameForTheSameSeed() {
    Object[] command = {"sample", "--model", model, "--length", 200, "--seed", 7, "--threads"};
    Result one = Cli.run(append(command, 1));
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(Cli.run(append(command, 2)).out()).isEqualTo(one.out());
    assertThat(Cli.run(append(command, 1, "--temperature", 3)).out()).isNotEqualTo(one.out());
  }

  private static Object[] append(Object[] command, Object... more) {
    return Stream.concat(Stream.of(command), Stream.of(more)).toArray();
  }

  @Test
  void sampleGoesOnWithThePrompt() {
    Result result =
        Cli.run(
            "sample", "--model", model, "--prompt", "the cat  sat", "--length", 9, "--top-k", 1);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).matches("the cat sat on the mat \n(\\w+ |\n)+\n");
    assertThat(Cli.run("sample", "--model", characters, "--prompt", "on t", "--length", 0).out())
        .isEqualTo("on t\n");
  }

  @Test
  void infoOfAModel() {
    assertThat(Cli.run("info", model).outLines())
        .contains(
            "task      language-model",
            "network   words, tied embedding 16, dropout 0.0, 0.0, 0.0, 7 tokens",
            "layer     rnn_l0: LSTM 16 -> 16; state h 16, c 16; 2,176 parameters; fused kernel")
        .anyMatch(line -> line.matches("data      420 examples, sha-256 [0-9a-f]{64}"))
        .anyMatch(line -> line.startsWith("result    the best epoch, "));
    assertThat(Cli.run("info", characters).out()).contains("rnn_l0: GRU 16 -> 16");
  }

  @Test
  void otherCommandsSayThatItIsAnotherTask() {
    Result result = Cli.run("predict", "--model", model, "the");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "sluice: %s: holds a language model, which writes text: see sluice sample\n"
                .formatted(model));
  }

  /** TensorFlow's PTB tutorial, its small configuration, with other sizes. */
  @Test
  void theRecipeOfTensorFlowsTutorial() throws IOException {
    Path first = folder.resolve("tf");
    Result result = recipe("ptb-small", first, "--epochs=6");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("validation reads every token in one stream");
    List<String> steps = // the 20th of 21 in epoch 1, ... the 15th of 21 in epoch 6
        Files.readAllLines(folder.resolve("tf.run").resolve("metrics.jsonl")).stream()
            .filter(line -> line.contains("gradient_norm"))
            .toList();
    assertThat(steps)
        .extracting(step -> JSON.readTree(step).get("learning_rate").doubleValue())
        .containsExactly(1.0, 1.0, 1.0, 1.0, 0.5, 0.25); // 0.5 ** max(epoch + 1 - 4, 0)
    Path again = folder.resolve("again");
    Cli.run("train", "--config", first.resolve("run.yaml"), "--model", again, "--threads=2");
    for (String file : List.of("config.json", "model.safetensors", "vocabulary.txt", "run.yaml")) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
  }

  /** pytorch/examples: the vocabulary of all files, first values by name, tied, plateau. */
  @Test
  void theRecipeOfPyTorchsExample() {
    Result result = recipe("wikitext-2", folder.resolve("pytorch"), "--epochs=1");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("validation reads 10 streams and drops the rest");
  }

  private static Result recipe(String name, Path to, String... more) {
    Stream<Object> fixed =
        Stream.of(
            "train",
            "--config=../recipes/" + name + ".yaml",
            "--train=" + text,
            "--valid=" + text,
            "--test=" + text,
            "--model=" + to,
            "--embedding=8",
            "--hidden=8",
            "--batch=4",
            "--steps=5");
    return Cli.run(Stream.concat(fixed, Stream.of(more)).toArray());
  }

  /** As recipes/ptb-small.md says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          medium | --dropout=0.5  | --init=uniform(0.05),rnn.bias*=zeros | --schedule=decay(after=6, factor=0.8)
          large  | --dropout=0.65 | --init=uniform(0.04),rnn.bias*=zeros | --schedule=decay(after=14, factor=0.8695652)
          """)
  void theOthersOfTensorFlowsTutorial(String name, String dropout, String init, String schedule) {
    Result result =
        recipe(
            "ptb-small", folder.resolve(name), dropout, init, schedule, "--clip=10", "--epochs=1");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private static void trainByPlateau(Path to, int epochs) {
    Result result =
        train(
            to,
            "--tied",
            "--optimizer=sgd",
            "--learning-rate=20",
            "--clip=0.25",
            "--schedule=plateau(factor=0.25, patience=0, threshold=0)",
            "--patience=0",
            "--dropout=0.2",
            "--epochs=" + epochs);
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  /** As the recipe of WikiText-2 promises; the rate has fallen before the first run ends. */
  @Test
  void moreEpochsLaterAreTheBytesOfAllAtOnce() throws IOException {
    Path later = folder.resolve("later");
    trainByPlateau(later, 4);
    Result resumed = Cli.run("train", "--resume", later, "--epochs=8");
    assertThat(resumed.err()).contains("resuming in epoch 5").doesNotContain("warning");
    Path once = folder.resolve("once");
    trainByPlateau(once, 8);
    for (String file : List.of("config.json", "model.safetensors", "vocabulary.txt", "run.yaml")) {
      assertThat(later.resolve(file)).hasSameBinaryContentAs(once.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --tied --hidden=17      | --tied: the vectors must be as wide as the layers; --embedding is 16 and --hidden 17
          --cell=gru --forget-bias=1 | --forget-bias: only an LSTM has forget gates, not --cell GRU
          --batch=211             | text: 420 tokens are too few for 211 streams, which need at least 2 each; give more text or a smaller --batch
          --eval-streams=300      | give more text or a smaller --eval-streams
          --steps=0               | --steps: expected at least 1, got 0
          --dropout-output=1      | --dropout-output: expected 0 or more and less than 1, got 1.0
          --init=rnn.bias=zeros   | --init: no parameter has a name like rnn.bias; there are encoder.weight, rnn.weight_ih_l0
          --init=uniform(x)       | --init: initializer "uniform(x)": "x" is no number
          --words --characters    | --words and --characters exclude each other
          """)
  void wrongOptions(String options, String message) {
    Path bad = folder.resolve("bad");
    Result result = train(bad, options.split(" ", -1));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err()).startsWith("sluice: ").contains(message);
    assertThat(bad).doesNotExist();
  }

  @Test
  void wrongWaysToSample() {
    assertThat(Cli.run("sample", "--model", model, "--temperature=0").err().strip())
        .isEqualTo("sluice: --temperature: expected above 0, got 0.0");
    assertThat(Cli.run("sample", "--model", model, "--top-k=-1").err().strip())
        .isEqualTo("sluice: --top-k: expected at least 0, got -1");
  }
}
