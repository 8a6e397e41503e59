package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again, always the same bytes, in the shapes of PyTorch. */
final class ModelDirectoryTest {
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "vocabulary.txt");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelComesBackAsItWas(boolean epochCompleted, @TempDir Path folder) {
    TrainedClassifier written =
        SmallClassifier.create(epochCompleted ? Optional.of(0.75) : Optional.empty());
    ModelDirectory.at(folder.resolve("m")).write(written);
    TrainedClassifier read = ModelDirectory.read(folder.resolve("m"));

    assertThat(read.hyperparameters()).isEqualTo(written.hyperparameters());
    assertThat(read.provenance()).isEqualTo(written.provenance());
    assertThat(read.model().config()).isEqualTo(written.model().config());
    assertThat(read.model().labels().names()).isEqualTo(written.model().labels().names());
    assertThat(read.model().vocabulary().lines()).isEqualTo(written.model().vocabulary().lines());
    assertThat(read.model().parameters().values())
        .isEqualTo(written.model().parameters().values())
        .isNotEqualTo(new float[written.model().parameters().values().length]);
  }

  @Test
  void weightsHaveTheShapesOfPyTorch(@TempDir Path folder) {
    TrainedClassifier written = SmallClassifier.create();
    ModelDirectory.at(folder.resolve("m")).write(written);
    try (SafetensorsFile file =
        SafetensorsFile.open(folder.resolve("m").resolve("model.safetensors"))) {
      assertThat(file.tensor("embedding.weight").shape()).containsExactly(4, 3);
      assertThat(file.tensor("lstm.weight_ih_l1_reverse").shape()).containsExactly(16, 8);
      assertThat(file.tensor("lstm.bias_hh_l0").shape()).containsExactly(16);
      assertThat(file.tensor("dense.weight").shape()).containsExactly(3, 8);

      Parameters parameters = written.model().parameters();
      Parameter dense = parameters.get("dense.weight"); // (8, 3) in memory
      assertThat(file.tensor("dense.weight").floats()[2 * 8 + 5])
          .isEqualTo(dense.value().get(5, 2));
      Parameter embedding = parameters.get("embedding.weight");
      assertThat(file.tensor("embedding.weight").floats()[2 * 3 + 1])
          .isEqualTo(embedding.value().get(2, 1));
    }
  }

  @Test
  void format1StaysReadableAndIsWhatIsWritten(@TempDir Path folder)
      throws IOException, URISyntaxException {
    URL resource = Objects.requireNonNull(getClass().getResource("/model-format-1"));
    Path fixture = Path.of(resource.toURI());
    ModelDirectory.at(folder.resolve("m")).write(SmallClassifier.create());
    for (String file : FILES) {
      assertThat(folder.resolve("m").resolve(file)).hasSameBinaryContentAs(fixture.resolve(file));
    }

    ModelDirectory.at(folder.resolve("again")).write(ModelDirectory.read(fixture));
    for (String file : FILES) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(fixture.resolve(file));
    }
  }

  @Test
  void aModelIsReplacedButNothingElse(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("m");
    ModelDirectory.at(model).write(SmallClassifier.create());
    ModelDirectory.at(model).write(SmallClassifier.create(Optional.empty()));
    assertThat(ModelDirectory.read(model).provenance().validationAccuracy()).isEmpty();

    Path photos = Files.createDirectory(folder.resolve("photos"));
    Files.writeString(photos.resolve("config.json"), "{}");
    Files.writeString(photos.resolve("holiday.jpg"), "");
    assertThatThrownBy(() -> ModelDirectory.at(photos))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("photos: holds holiday.jpg");
  }
}
