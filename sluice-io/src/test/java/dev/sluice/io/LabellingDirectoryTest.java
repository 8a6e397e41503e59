package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.SentenceEncoder;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TagColumn;
import dev.sluice.data.TaggedSentence;
import dev.sluice.data.Tokenizer;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.Pooling;
import dev.sluice.model.SeriesClassifier;
import dev.sluice.model.SetPredictor;
import dev.sluice.model.Tagger;
import dev.sluice.model.TextClassifier;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Taggers, classifiers of numbers and predictors of sets on disk: they come back, and damage is told. */
final class LabellingDirectoryTest {
  private static final Provenance.Data DATA = Provenance.Data.of(List.of("one"), line -> line);

  @TempDir Path folder = Path.of("");

  private static LabellingModel create(String task) {
    LabellingModel model =
        switch (task) {
          case "tag" -> {
            SentenceEncoder encoder =
                SentenceEncoder.learn(
                    List.of(new TaggedSentence(List.of("Zoë", "ran"), List.of("N", "V"))), 1);
            yield new TrainedTagger(
                new Tagger(
                    new Tagger.Config(3, 2, 2, 3, 1, 0.25f, 0.5f),
                    encoder,
                    Labels.of(List.of("N", "V"))),
                TagColumn.UPOS,
                provenance(Optional.of(0.75)));
          }
          case "classify-numbers" ->
              new TrainedSeriesClassifier(
                  new SeriesClassifier(
                      new SeriesClassifier.Config(CellKind.GRU, 3, 1, true, Pooling.MEAN, 0.25f),
                      StandardScaler.of(new float[] {1.5f, -2}, new float[] {3, 0.5f}),
                      Labels.of(List.of("x", "ż"))),
                  provenance(Optional.of(0.75)));
          default ->
              new TrainedSetPredictor(
                  new SetPredictor(
                      new SetPredictor.Config(CellKind.LSTM, 3, 2, 0.25f),
                      Labels.of(List.of("do", "re", "mi")).independent()),
                  provenance(Optional.empty()));
        };
    model.parameters().initialize(RandomKey.of(1));
    return model;
  }

  private static Provenance provenance(Optional<Double> accuracy) {
    return new Provenance("0.1.0", "25.0.1, Somebody", DATA, DATA, 3, 2, accuracy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tag", "classify-numbers", "next-set"})
  void aModelComesBackAsItWas(String task) throws IOException {
    LabellingModel written = create(task);
    ModelDirectory.at(folder.resolve("m")).write(written, Optional.of("task: " + task + "\n"));
    LabellingModel read = (LabellingModel) ModelDirectory.open(folder.resolve("m"));
    assertThat(read.parameters().values()).isEqualTo(written.parameters().values());
    assertThat(read.labels().names()).isEqualTo(written.labels().names());
    assertThat(read.labels().areExclusive()).isEqualTo(written.labels().areExclusive());
    assertThat(read.provenance()).isEqualTo(written.provenance());
    assertThat(read.recurrent()).isEqualTo(written.recurrent());
    ModelDirectory.at(folder.resolve("again")).write(read, Optional.of("task: " + task + "\n"));
    assertSameFiles(folder.resolve("m"), folder.resolve("again"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tag", "classify-numbers", "next-set"})
  void format1StaysReadableAndIsWhatIsWritten(String task) throws IOException, URISyntaxException {
    Path fixture =
        Path.of(Objects.requireNonNull(getClass().getResource("/" + task + "-format-1")).toURI());
    ModelDirectory.at(folder.resolve("m")).write(create(task), Optional.empty());
    assertSameFiles(fixture, folder.resolve("m"));
    LabellingModel read = (LabellingModel) ModelDirectory.open(fixture);
    assertThat(read.parameters().values()).isEqualTo(create(task).parameters().values());
  }

  @Test
  void aClassifierWithSeveralLabelsIsATaskOfItsOwn() {
    TrainedClassifier small = SmallClassifier.create();
    TextClassifier model =
        new TextClassifier(
            small.model().config(),
            small.model().vocabulary(),
            small.model().labels().independent());
    ModelDirectory.at(folder.resolve("m"))
        .write(new TrainedClassifier(model, small.hyperparameters(), small.provenance()));
    assertThat(ModelDirectory.read(folder.resolve("m")).model().labels().areExclusive()).isFalse();
    assertThat(model.config().tokenizer()).isEqualTo(Tokenizer.CHARACTERS);
    assertThat(Provenance.Data.of(List.of(new LabelledText("a", "b"))))
        .isEqualTo(Provenance.Data.of(List.of("a\tb"), line -> line));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tag | config.json | "column" : "upos" | "column" : "head" | column: expected one of second, lemma, upos, xpos, feats, deprel, found "head"
          tag | config.json | "hidden" : 3 | "hidden" : 0 | the sizes of a tagger must be at least 1, got 3, 2, 2, 0, 1; was the file edited?
          tag | config.json | "hidden" : 3 | "hidden" : 2000000000 | config.json describes at least
          tag | config.json | "character_hidden" : 2 | "character_hidden" : 2000000000 | config.json describes at least
          tag | config.json | "layers" : 1 | "layers" : 2000000000 | config.json describes at least
          tag | config.json | "layers" : 1 | "layers" : 2 | lstm.weight_ih_l1 is missing
          tag | config.json | "word_dropout" : 0.5 | "word_dropout" : 1.5 | dropout must be in [0, 1), got 1.5
          tag | config.json | "N", "V" | "N" | labels: expected at least two, found 1
          tag | characters.txt | Z | ZZ\\nZ | char_embedding.weight: expected [8, 2], as this model is built, found [7, 2]
          tag | vocabulary.txt | ran | ran\\nran | the token 'ran' occurs twice
          classify-numbers | config.json | "cell" : "gru" | "cell" : "qrnn" | architecture.cell: expected one of lstm, gru, rnn, found "qrnn"
          classify-numbers | config.json | "cell" : "gru" | "cell" : "lstm" | lstm.weight_ih_l0 is missing
          classify-numbers | config.json | "pooling" : "mean" | "pooling" : "max" | architecture.pooling: expected one of last, mean, found "max"
          classify-numbers | config.json | "hidden" : 3 | "hidden" : 2000000000 | config.json describes at least
          classify-numbers | config.json | "layers" : 1 | "layers" : 2000000000 | config.json describes at least
          classify-numbers | scaler.json | 3.0 | 0.0 | scaler.json: channel 0: a mean of 1.5 and a deviation of 0.0 cannot scale; was the file edited?
          classify-numbers | scaler.json | 3.0, 0.5 | 3.0 | scaler.json: a scaler needs a mean and a deviation for each channel, got 2 and 1
          classify-numbers | scaler.json | 3.0 | "3" | scaler.json: deviation
          next-set | config.json | "hidden" : 3 | "hidden" : 2000000000 | config.json describes at least
          next-set | config.json | "layers" : 2 | "layers" : 0 | hidden and layers must be at least 1, got 3, 0
          next-set | config.json | "do", "re" | "do" | lstm.weight_ih_l0: expected [12, 2]
          next-set | config.json | "re", "mi" | "re", "re" | labels: one occurs twice
          """)
  void editedFiles(String task, String name, String from, String to, String message)
      throws IOException {
    Path model = folder.resolve("m");
    ModelDirectory.at(model).write(create(task), Optional.empty());
    Path file = model.resolve(name);
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replaceFirst(Pattern.quote(from), to.replace("\\n", "\n")));
    assertThatThrownBy(() -> ModelDirectory.open(model)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"tag, characters.txt", "tag, vocabulary.txt", "classify-numbers, scaler.json"})
  void missingFile(String task, String name) throws IOException {
    Path model = folder.resolve("m");
    ModelDirectory.at(model).write(create(task), Optional.empty());
    Files.delete(model.resolve(name));
    assertThatThrownBy(() -> ModelDirectory.open(model))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("m: is not a model directory (it has no %s)".formatted(name));
  }

  private static void assertSameFiles(Path expected, Path found) throws IOException {
    try (Stream<Path> files = Files.list(expected)) {
      for (Path file : files.toList()) {
        assertThat(found.resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
      }
    }
  }
}
