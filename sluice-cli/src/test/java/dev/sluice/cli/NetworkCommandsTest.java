package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.SafetensorsWriter;
import dev.sluice.io.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of a network of PyTorch through the commands: import, info, predict, verify, export. */
final class NetworkCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder = Path.of("");
  private Path weights = Path.of("");
  private Path model = Path.of("");

  /** An RNN of two inputs and two units whose output is tanh(x), and a head that sums it. */
  @BeforeEach
  void write() throws IOException {
    weights = folder.resolve("weights.safetensors");
    model = folder.resolve("m");
    SafetensorsWriter.write(
        weights,
        Map.of(),
        List.of(
            tensor("head.bias", List.of(1), 0.5f),
            tensor("head.weight", List.of(1, 2), 1, 1),
            tensor("rnn.weight_hh_l0", List.of(2, 2), 0, 0, 0, 0),
            tensor("rnn.weight_ih_l0", List.of(2, 2), 1, 0, 0, 1)));
  }

  @Test
  void importTellsLayersAndWhatIsOpen() {
    Result result = Cli.run("import", weights, "--model", model);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.outLines())
        .containsExactly(
            weights + ": safetensors with PyTorch's names",
            "",
            "layer            gives  parameters",
            "input        (B, T, 2)",
            "rnn: RNN     (B, T, 2)           8",
            "head: dense  (B, T, 1)           3",
            "total                           11",
            "note: a state dict does not say the nonlinearity of an RNN: tanh is taken, PyTorch's"
                + " default; if it is relu, say --nonlinearity relu",
            "note: a state dict does not say which steps head reads: all are taken; for the last"
                + " step say --output last-step, for the final state --output final-state");
    assertThat(result.err()).isEqualTo("saved %s%n".formatted(model));

    JsonNode report =
        JSON.readTree(
            Cli.run(
                    "import",
                    weights,
                    "--model",
                    model,
                    "--json",
                    "--nonlinearity",
                    "relu",
                    "--output",
                    "last-step")
                .out());
    assertThat(report.at("/layers/1/name").stringValue()).isEqualTo("last_step");
    assertThat(report.at("/origin/notes").size()).isZero();
  }

  @Test
  void infoTellsLayersFormulaAndOrigin() {
    Cli.run("import", weights, "--model", model);
    Result info = Cli.run("info", model);
    assertThat(info.exitCode()).isZero();
    assertThat(info.outLines())
        .contains(
            "task      network",
            "layer     rnn_l0: RNN 2 -> 2; state h 2; 8 parameters; fused kernel",
            "formula   of RNN",
            "          h' = tanh(x·W_ih + h·W_hh)",
            "from      weights.safetensors, safetensors with PyTorch's names")
        .anyMatch(line -> line.matches("          sha-256 [0-9a-f]{64}"));
    JsonNode report = JSON.readTree(Cli.run("info", model, "--json").out());
    assertThat(report.at("/network/layers/1/parameters").intValue()).isEqualTo(3);
  }

  @Test
  void predictAnswersEachLineAsIfAlone() {
    Cli.run("import", weights, "--model", model);
    Result result = Cli.runWithInput("[[0,0],[0.5,-0.5]]\n[[1,1]]\n", "predict", "--model", model);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.outLines().getFirst()).isEqualTo("[[0.5],[0.5]]");
    assertThat(result.outLines().getLast()).startsWith("[[2.02318").endsWith("]]");
    assertThat(result.outLines().getLast())
        .isEqualTo(Cli.runWithInput("[[1,1]]", "predict", "--model", model).out().strip());
  }

  @Test
  void predictSaysWhatIsWrongWithALine() {
    Cli.run("import", weights, "--model", model);
    assertPredictFails("[[1,2],[3]]", "line 1: step 1: expected 2 numbers, found [3]");
    assertPredictFails("[[1,2]]\n[1,2]", "line 2: step 0: expected 2 numbers, found 1");
    assertPredictFails("[[1,\"a\"]]", "line 1: step 0: expected a number, found \"a\"");
    assertPredictFails("[[1,1e99]]", "line 1: step 0: 1.0E99 is no finite number");
    assertPredictFails("[]", "line 1: expected a list of steps, found []");
    assertPredictFails("hello", "line 1: no valid JSON; expected a list of steps");
    assertThat(Cli.run("predict", "--model", model, "text").err())
        .startsWith(
            "sluice: texts, --top and --conllu are for models with labels; this is a network");
    assertThat(Cli.run("predict", "--model", model, "--input", weights).err())
        .startsWith("sluice: --input and --output belong together");
    assertThat(Cli.run("predict", "--model", model, "--season=3").err())
        .startsWith("sluice: --from and --season are for forecasters");
  }

  private void assertPredictFails(String input, String message) {
    Result result = Cli.runWithInput(input, "predict", "--model", model);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(message);
  }

  @Test
  void verifyFindsWhatPredictGave() throws IOException {
    Cli.run("import", weights, "--model", model);
    Path input = folder.resolve("in.safetensors");
    Path output = folder.resolve("out.safetensors");
    Tensor x = tensor("input", List.of(2, 1, 2), 0, 0.25f, 0.5f, -1);
    SafetensorsWriter.write(input, Map.of(), List.of(x));
    Result predicted = Cli.run("predict", "--model", model, "--input", input, "--output", output);
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();

    Path recorded = folder.resolve("recorded.safetensors");
    List<Tensor> tensors = new ArrayList<>(List.of(x));
    try (SafetensorsFile given = SafetensorsFile.open(output)) {
      assertThat(given.tensors().keySet()).containsExactly("output", "h_n");
      given
          .tensors()
          .values()
          .forEach(t -> tensors.add(new Tensor(t.name(), t.shape(), t.floats())));
    }
    SafetensorsWriter.write(recorded, Map.of(), tensors);
    Result equal = Cli.run("verify", "--model", model, recorded, "--tolerance", 0);
    assertThat(equal.exitCode()).as(equal.err()).isZero();
    assertThat(equal.outLines())
        .containsExactly(
            "1 sequence of 2 steps, read as [T, B, ...]; if it is [B, T, ...], say --batch-first",
            "",
            "tensor      shape  largest error         at  relative         at",
            "output  [2, 1, 1]            0.0  [0, 0, 0]       0.0  [0, 0, 0]",
            "h_n     [1, 1, 2]            0.0  [0, 0, 0]       0.0  [0, 0, 0]",
            "",
            "the model computes the same (tolerance 0.0)");

    tensors.get(1).data()[1] += 0.25f;
    SafetensorsWriter.write(recorded, Map.of(), tensors);
    Result differs = Cli.run("verify", "--model", model, recorded);
    assertThat(differs.exitCode()).isEqualTo(1);
    assertThat(differs.out())
        .containsPattern("output  \\[2, 1, 1\\] +0.25  \\[1, 0, 0\\] .* differs")
        .contains("the model differs (tolerance 1.0E-5)");
    JsonNode report = JSON.readTree(Cli.run("verify", "--model", model, recorded, "--json").out());
    assertThat(report.get("equal").booleanValue()).isFalse();
    assertThat(report.at("/verification/tensors/0/absolute_at").toString()).isEqualTo("[1,0,0]");
    assertThat(Cli.run("verify", "--model", model, recorded, "--tolerance", 1).exitCode()).isZero();
    assertThat(Cli.run("verify", "--model", model, recorded, "--tolerance=-1").err())
        .contains("--tolerance: expected at least 0, got -1.0");
  }

  @Test
  void exportGivesTheSameFileAgain() throws IOException {
    Cli.run("import", weights, "--model", model);
    for (String format : List.of("pytorch", "safetensors", "onnx", "keras")) {
      Path file = folder.resolve("exported." + format);
      Path again = folder.resolve("again." + format);
      Path imported = folder.resolve("m-" + format);
      Result exported = Cli.run("export", "--model", model, "--to", format, file);
      assertThat(exported.exitCode()).as(exported.err()).isZero();
      assertThat(exported.err()).endsWith("saved %s%n".formatted(file));
      assertThat(Cli.run("import", file, "--model", imported).exitCode()).isZero();
      Cli.run("export", "--model", imported, "--to", format, again);
      assertThat(again).hasSameBinaryContentAs(file);
      assertThat(imported.resolve("model.safetensors"))
          .hasSameBinaryContentAs(model.resolve("model.safetensors"));
    }
    assertThat(Cli.run("export", "--model", model, "--to", "pytorch", "--states", "x").err())
        .contains("--batch-first and --states are for --to onnx");
  }

  @Test
  void weightsOfKerasAreToldWhatTheyDoNotSay() {
    Cli.run("import", weights, "--model", model);
    Path file = folder.resolve("weights.h5");
    Cli.run("export", "--model", model, "--to", "keras", file);
    Result presumed = Cli.run("import", file, "--model", model);
    assertThat(presumed.out())
        .contains("head: dense                (B, 1)")
        .contains(
            "note: for other return_sequences of the last recurrent layer say --output steps");
    assertThat(Cli.run("import", file, "--model", model, "--output", "steps").out())
        .contains("head: dense  (B, T, 1)");
    assertThat(Cli.run("import", file, "--model", model, "--recurrent-activation", "x").err())
        .contains(
            "weights.h5: --recurrent-activation: unknown activation \"x\"; known are tanh,"
                + " sigmoid");
  }

  @Test
  void aClassifierIsExportedAsANetwork() throws IOException {
    Path classifier = folder.resolve("classifier");
    Cli.train(
        Cli.examples(folder.resolve("train.tsv"), 20, 1),
        Cli.examples(folder.resolve("valid.tsv"), 10, 2),
        classifier,
        "--epochs=1");
    Path file = folder.resolve("classifier.onnx");
    Result exported = Cli.run("export", "--model", classifier, "--to", "onnx", file);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    Result imported = Cli.run("import", file, "--model", folder.resolve("again"));
    assertThat(imported.outLines())
        .anyMatch(line -> line.startsWith("lstm: LSTM, both directions, final output"));
  }

  @Test
  void oneLayerOfAModelThatIsNoChain() throws IOException {
    Path two = folder.resolve("two.safetensors");
    SafetensorsWriter.write(
        two,
        Map.of(),
        List.of(
            tensor("a.weight_hh_l0", List.of(1, 1), 1),
            tensor("a.weight_ih_l0", List.of(1, 1), 2),
            tensor("b.weight_hh_l0", List.of(1, 1), 3),
            tensor("b.weight_ih_l0", List.of(1, 1), 4)));
    assertThat(Cli.run("import", two, "--model", model).err())
        .contains("the shapes allow more than one order of the layers")
        .contains("or take one of its recurrent layers with --layer: a, b");
    assertThat(Cli.run("import", two, "--model", model, "--layer", "c").err())
        .endsWith("has no recurrent layer c; it has a, b%n".formatted());
    assertThat(Files.exists(model)).isFalse();
    Result one = Cli.run("import", two, "--model", model, "--layer", "b");
    assertThat(one.exitCode()).isZero();
    assertThat(one.out()).contains("note: only the layer b was taken").contains("left: a");
    assertThat(Cli.run("import", weights, "--model", model, "--layer", "rnn").err())
        .contains("the model is a chain of layers and is taken whole; leave out --layer");
  }

  @Test
  void wrongOptionsOfImport() {
    assertThat(Cli.run("import", weights, "--model", model, "--output", "all").err())
        .contains("--output: expected steps, last-step or final-state, got all");
    assertThat(Cli.run("import", weights, "--model", model, "--key", "k").err())
        .contains("--key is for checkpoints of PyTorch; leave it out");
    assertThat(Cli.run("import", folder.resolve("none"), "--model", model).err())
        .contains("none: cannot be read (no such file or folder");
    assertThat(Files.exists(model)).isFalse();
  }

  private static Tensor tensor(String name, List<Integer> shape, float... data) {
    return new Tensor(name, shape, data);
  }
}
