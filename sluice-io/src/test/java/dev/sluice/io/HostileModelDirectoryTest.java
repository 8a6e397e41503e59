package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file of a model directory may be missing, damaged or another one: one line says so. */
final class HostileModelDirectoryTest {
  @TempDir Path folder = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void writeModel() {
    model = folder.resolve("m");
    ModelDirectory.at(model).write(SmallClassifier.create());
  }

  @Test
  void noDirectory() {
    assertThat(errorOf(folder.resolve("nowhere")))
        .endsWith(
            "nowhere: no such model directory; check the path, or write one with sluice train or"
                + " import");
    assertThat(errorOf(model.resolve("config.json")))
        .endsWith("config.json: is a file; give the model directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "vocabulary.txt"})
  void missingFile(String name) throws IOException {
    Files.delete(model.resolve(name));
    assertThat(errorOf(model))
        .endsWith(
            "m: is not a model directory (it has no %s); check the path, or train or import again"
                .formatted(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "format" : 1            | "form" : 1            | no number "format"; is this the config.json of a Sluice model?
          "format" : 1            | "format" : "1"        | no number "format"
          "format" : 1            | "format" : 2          | format 2, this version of Sluice reads 1; use the version that wrote the model
          "format" : 1            | "format" : 4294967297 | format 4294967297, this version
          "task" : "classify"     | "task" : "tug"        | task: expected one of classify, multi-label, classify-numbers, tag, next-set, language-model, forecast, detect, network, found "tug"; was it written by a newer Sluice?
          "task" : "classify"     | "task" : null         | task: expected one of
          "architecture"          | "architectur"         | architecture: is missing; was the file edited?
          "hidden" : 4,           | ``                    | architecture.hidden: is missing
          "hidden" : 4            | "hidden" : "4"        | architecture.hidden: expected a whole number, found "4"; was
          "hidden" : 4            | "hidden" : 4.5        | architecture.hidden: expected a whole number, found 4.5
          "hidden" : 4            | "hidden" : null       | architecture.hidden: expected a whole number, found null
          "hidden" : 4            | "hidden" : 4000000000 | architecture.hidden: expected a whole number, found 4000000000
          "hidden" : 4            | "hidden" : 0          | ngrams, embedding, hidden and layers must be at least 1
          "hidden" : 4            | "hidden" : 2000000000 | config.json describes at least
          "layers" : 2            | "layers" : 2000000000 | config.json describes at least
          "embedding" : 3         | "embedding" : 2000000 | config.json describes at least
          "bidirectional" : true  | "bidirectional" : 1   | architecture.bidirectional: expected true or false, found 1
          "dropout" : 0.25        | "dropout" : 1e999     | dropout must be in [0, 1)
          "dropout" : 0.25        | "dropout" : []        | architecture.dropout: expected a number, found []
          "type" : "lstm"         | "type" : "gru"        | architecture.type: expected lstm, found "gru"
          "tokens" : "characters" | "tokens" : "bytes"    | architecture.tokens: expected characters or words, found "bytes"
          "tokens" : "characters" | "tokens" : 5          | architecture.tokens: expected text, found 5
          "x", "y", "ż"           | "x", "y", "x"         | labels: one occurs twice
          "x", "y", "ż"           | "x", "y", 3           | labels[2]: expected text, found 3; was the file edited?
          "x", "y", "ż"           | "x", "y", null        | labels[2]: expected text, found null
          "x", "y", "ż"           | "x"                   | labels: expected at least two, found 1
          [ "x", "y", "ż" ]       | "x"                   | labels: expected a list, found "x"
          "dropout" : 0.25        | "dropout" : %1$s        | dropout must be in [0, 1)
          "hidden" : 4            | "hidden" : %1$s         | architecture.hidden: expected a whole number, found 1000
          "learning_rate" : 0.002 | "learning_rate" : {}  | training.learning_rate: expected a number, found {}
          "epochs" : 3,           | "epochs" : 3, "epochs" : 3, | no valid JSON (line 38: Duplicate
          "validation_accuracy"   | "validation_accuracies" | provenance.validation_accuracy: is missing
          "validation_accuracy" : 0.75 | "validation_accuracy" : "good" | provenance.validation_accuracy: expected a number
          """)
  void editedConfig(String from, String to, String message) throws IOException {
    replaceInConfig(from, to.formatted("1" + "0".repeat(400)));
    assertThat(errorOf(model)).contains(message);
  }

  @Test
  void configThatIsNoJson() throws IOException {
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.substring(0, text.length() / 2));
    assertThat(errorOf(model))
        .contains("config.json: no valid JSON (line ")
        .contains("the file was cut short, edited, or is another one");
    Files.writeString(config, "");
    assertThat(errorOf(model)).contains("config.json: no valid JSON (line 1: There is no value");
    Files.writeString(config, text + "{}");
    assertThat(errorOf(model)).contains("config.json: no valid JSON (line 43: More text follows");
    Files.writeString(config, "[1, 2]");
    assertThat(errorOf(model)).contains("config.json: no number \"format\"");
    Files.writeString(config, "[".repeat(100_000));
    assertThat(errorOf(model)).contains("config.json: no valid JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "hidden" : 4           | "hidden" : 5            | lstm.weight_ih_l0: expected [20, 3]
          "embedding" : 3        | "embedding" : 5         | embedding.weight: expected [4, 5], as this model is built, found [4, 3]; is it the file of another model?
          "layers" : 2           | "layers" : 3            | lstm.weight_ih_l2 is missing; is it the file of another model?
          "layers" : 2           | "layers" : 1            | "lstm.weight_ih_l1" is not a parameter of this model
          "bidirectional" : true | "bidirectional" : false | lstm.weight_ih_l1: expected [16, 4]
          "x", "y"               | "w", "x", "y"           | dense.weight: expected [4, 8], as this model is built, found [3, 8]
          """)
  void configOfAnotherModel(String from, String to, String message) throws IOException {
    replaceInConfig(from, to);
    assertThat(errorOf(model)).contains("model.safetensors: ").contains(message);
  }

  @Test
  void vocabularyOfAnotherModel() throws IOException {
    Path vocabulary = model.resolve("vocabulary.txt");
    Files.writeString(vocabulary, Files.readString(vocabulary) + "b\n");
    assertThat(errorOf(model))
        .endsWith(
            "m: vocabulary.txt has 5 tokens, but embedding.weight in model.safetensors has 4 rows;"
                + " do the files belong together?");
    Files.writeString(vocabulary, "no vocabulary");
    assertThat(errorOf(model)).contains("vocabulary.txt:1: a vocabulary starts with <unk>");
    Files.writeString(vocabulary, "");
    assertThat(errorOf(model)).contains("vocabulary.txt:1: an empty vocabulary");
  }

  @Test
  void truncatedOrForeignWeights() throws IOException {
    Path weights = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(errorOf(model)).contains("model.safetensors: ");
    Files.write(weights, new byte[0]);
    assertThat(errorOf(model)).contains("model.safetensors: ").contains("empty or was cut short");
    Files.writeString(weights, "PK is the start of a zip file, as those of PyTorch are");
    assertThat(errorOf(model)).contains("model.safetensors: ").contains("no safetensors file");
  }

  @Test
  void wrongTensors() {
    rewriteWeights(tensors -> tensors.remove("embedding.weight"));
    assertThat(errorOf(model)).contains("model.safetensors: ").contains("embedding.weight");
    rewriteWeights(tensors -> tensors.remove("lstm.weight_hh_l1_reverse"));
    assertThat(errorOf(model)).contains("lstm.weight_hh_l1_reverse is missing");
    rewriteWeights(tensors -> put(tensors, "lstm.weight_hr_l0", List.of(1)));
    assertThat(errorOf(model)).contains("\"lstm.weight_hr_l0\" is not a parameter of this model");
    rewriteWeights(tensors -> put(tensors, "lstm.weight_hh_l1", List.of(16, 8)));
    assertThat(errorOf(model))
        .contains("lstm.weight_hh_l1: expected [16, 4]")
        .contains("found [16, 8]");
    rewriteWeights(tensors -> put(tensors, "lstm.weight_ih_l0", List.of(3, 16)));
    assertThat(errorOf(model))
        .contains("lstm.weight_ih_l0: expected [16, 3]")
        .contains("found [3, 16]");
    rewriteWeights(tensors -> put(tensors, "embedding.weight", List.of()));
    assertThat(errorOf(model)).contains("embedding.weight: expected [4, 3]").contains("found []");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
  void weightsThatAreNoNumbers(float value) {
    rewriteWeights(tensors -> put(tensors, "dense.bias", List.of(3)).data()[1] = value);
    assertThat(errorOf(model))
        .endsWith(
            "model.safetensors: dense.bias holds %s; the file is damaged, or training diverged"
                .formatted(value));
  }

  private String errorOf(Path path) {
    Throwable error = catchThrowable(() -> ModelDirectory.read(path));
    assertThat(error).isNotNull();
    return requireOneLine(error);
  }

  private String requireOneLine(Throwable error) {
    assertThat(error).isInstanceOfAny(ModelFileException.class, DataException.class);
    assertThat(error.getMessage()).startsWith(folder.toString()).doesNotContain("\n");
    return String.valueOf(error.getMessage());
  }

  private void replaceInConfig(String from, String to) throws IOException {
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
  }

  private void rewriteWeights(Consumer<Map<String, Tensor>> edit) {
    writeModel();
    Path weights = model.resolve("model.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      file.tensors()
          .values()
          .forEach(t -> tensors.put(t.name(), new Tensor(t.name(), t.shape(), t.floats())));
    }
    edit.accept(tensors);
    try {
      SafetensorsWriter.write(weights, Map.of(), List.copyOf(tensors.values()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tensor put(Map<String, Tensor> tensors, String name, List<Integer> shape) {
    Tensor tensor = new Tensor(name, shape, new float[(int) Tensor.elements(shape)]);
    tensors.put(name, tensor);
    return tensor;
  }
}
