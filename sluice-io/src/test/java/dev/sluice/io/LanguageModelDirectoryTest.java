package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Language models on disk: they come back as they were, and nothing else passes for one. */
final class LanguageModelDirectoryTest {
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "vocabulary.txt");

  @TempDir Path folder = Path.of("");

  private Path write(TrainedLanguageModel model) {
    Path path = folder.resolve("m");
    ModelDirectory.at(path).write(model, Optional.empty());
    return path;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelComesBackAsItWas(boolean tied) {
    TrainedLanguageModel written = SmallLanguageModel.create(tied);
    TrainedLanguageModel read = read(write(written));
    assertThat(read.provenance()).isEqualTo(written.provenance());
    assertThat(read.validation()).isEqualTo(written.validation());
    assertThat(read.model().config()).isEqualTo(written.model().config());
    assertThat(read.model().vocabulary().lines()).isEqualTo(written.model().vocabulary().lines());
    assertThat(read.model().parameters().values())
        .isEqualTo(written.model().parameters().values())
        .isNotEqualTo(new float[written.model().parameters().values().length]);
  }

  @Test
  void format1StaysReadableAndIsWhatIsWritten() throws URISyntaxException {
    URL resource = Objects.requireNonNull(getClass().getResource("/language-model-format-1"));
    Path fixture = Path.of(resource.toURI());
    Path written = write(SmallLanguageModel.create(false));
    for (String file : FILES) {
      assertThat(written.resolve(file)).hasSameBinaryContentAs(fixture.resolve(file));
    }
    ModelDirectory.at(folder.resolve("again")).write(read(fixture), Optional.empty());
    for (String file : FILES) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(fixture.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "cell" : "lstm"           | "cell" : "qrnn"         | architecture.cell: expected one of lstm, gru, rnn, found "qrnn"; was it written by a newer Sluice?
          "tokens" : "words"        | "tokens" : "bytes"      | architecture.tokens: expected one of words, characters, found "bytes"
          "hidden" : 3              | "hidden" : 0            | embedding, hidden and layers must be at least 1, got 3, 0, 2; was the file edited?
          "hidden" : 3              | "hidden" : 2000000000   | config.json describes at least
          "layers" : 2              | "layers" : 2000000000   | config.json describes at least
          "embedding" : 3           | "embedding" : 1000000   | config.json describes at least
          "hidden" : 3              | "hidden" : 4            | rnn.weight_ih_l0: expected [16, 3], as this model is built, found [12, 3]
          "tied" : false            | "tied" : true           | "decoder.weight" is not a parameter of this model
          "tied" : false            | "tied" : "no"           | architecture.tied: expected true or false, found "no"
          "dropout_layers" : 0.25   | "dropout_layers" : 1    | dropout must be in [0, 1), got 1.0
          "task" : "language-model" | "task" : "classify"     | architecture.type: is missing
          "loss" : 1.5              | "loss" : "l"            | validation.loss: expected a number, found "l"
          "streams" : 10            | "streams" : 7.5         | validation.streams: expected a whole number, found 7.5
          """)
  void editedConfig(String from, String to, String message) throws IOException {
    Path model = write(SmallLanguageModel.create(false));
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
    Throwable error = catchThrowable(() -> ModelDirectory.open(model));
    assertThat(error).isInstanceOf(ModelFileException.class).hasMessageContaining(message);
  }

  @Test
  void vocabularyOfAnotherModel() throws IOException {
    Path model = write(SmallLanguageModel.create(true));
    Path vocabulary = model.resolve("vocabulary.txt");
    Files.writeString(vocabulary, Files.readString(vocabulary) + "b\n");
    assertThat(catchThrowable(() -> ModelDirectory.open(model)))
        .hasMessageEndingWith(
            "encoder.weight: expected [6, 3], as this model is built, found [5, 3]; is it the file"
                + " of another model?");
  }

  private static TrainedLanguageModel read(Path path) {
    return (TrainedLanguageModel) ModelDirectory.open(path);
  }
}
