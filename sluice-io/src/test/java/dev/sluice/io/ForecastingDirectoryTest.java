package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.CellKind;
import dev.sluice.data.StandardScaler;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.AnomalyDetector;
import dev.sluice.model.Forecaster;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasters and detectors come back as they were, and damaged ones are refused. */
final class ForecastingDirectoryTest {
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "scaler.json");

  @TempDir private Path folder = Path.of("");

  private static ForecastingModel model(String task) {
    int horizon = task.equals("forecast") ? 3 : 1;
    Forecaster forecaster =
        new Forecaster(
            new Forecaster.Config(CellKind.GRU, 4, 2, 0.25f, 5, horizon, 2, true, true),
            new Forecaster.Columns(List.of("a", "b"), List.of("c", "a")),
            StandardScaler.of(new float[] {1, 2, 3}, new float[] {0.5f, 0.25f, 4}));
    forecaster.parameters().initialize(RandomKey.of(1));
    Provenance.Data data = new Provenance.Data(7, "00");
    Provenance provenance =
        new Provenance("0.1.0", "25.0.1, Somebody", data, data, 3, 2, Optional.empty());
    return task.equals("forecast")
        ? new TrainedForecaster(
            forecaster,
            "time",
            new TrainedForecaster.TestPart("2016-07-01", "2016-08-01"),
            provenance)
        : new TrainedDetector(
            new AnomalyDetector(
                forecaster,
                new AnomalyDetector.Config(3, 500),
                new AnomalyDetector.Errors(0.125, 0.0625)),
            provenance);
  }

  private static ForecastingModel read(Path path) {
    return (ForecastingModel) ModelDirectory.open(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forecast", "detect"})
  void aModelComesBackAsItWas(String task) throws IOException {
    ForecastingModel written = model(task);
    ModelDirectory.at(folder.resolve("m")).write(written, Optional.of("seed: 1\n"));
    ForecastingModel read = read(folder.resolve("m"));
    assertThat(read.parameters().values()).isEqualTo(written.parameters().values());
    assertThat(read.forecaster().config()).isEqualTo(written.forecaster().config());
    assertThat(read.forecaster().columns()).isEqualTo(written.forecaster().columns());
    assertThat(folder.resolve("m/run.yaml")).hasContent("seed: 1\n");
    ModelDirectory.at(folder.resolve("again")).write(read, Optional.empty());
    for (String file : FILES) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("m").resolve(file));
    }
    assertThatThrownBy(() -> ModelDirectory.read(folder.resolve("m")))
        .hasMessageContaining("holds a model of time series");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forecast", "detect"})
  void format1StaysReadableAndIsWhatIsWritten(String task) throws IOException, URISyntaxException {
    URL resource = Objects.requireNonNull(getClass().getResource("/%s-format-1".formatted(task)));
    Path fixture = Path.of(resource.toURI());
    ModelDirectory.at(folder.resolve("m")).write(model(task), Optional.empty());
    ModelDirectory.at(folder.resolve("again")).write(read(fixture), Optional.empty());
    for (String file : FILES) {
      assertThat(folder.resolve("m").resolve(file)).hasSameBinaryContentAs(fixture.resolve(file));
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(fixture.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config.json | \"gru\" | \"gruu\" | architecture.cell: expected one of lstm, gru, rnn,"
            + " found \"gruu\"",
        "config.json | \"window\" : 5 | \"window\" : 1 | residual must be 0 or a period within the"
            + " window of 1, got 2; was the file edited?",
        "config.json | \"hidden\" : 4 | \"hidden\" : 2000000000 | describes at least",
        "config.json | \"hidden\" : 4 | \"hidden\" : 5 | gru.",
        "config.json | [ \"c\", \"a\" ] | [ \"c\", \"c\" ] | outputs: expected at least one column,"
            + " and each once, got [c, c]; was the file edited?",
        "config.json | [ \"c\", \"a\" ] | [ \"c\", \"d\" ] | 4 columns, but scaler.json has 3; do"
            + " the files belong together?",
        "config.json | \"deviation\" : 0.0625 | \"deviation\" : 0 | errors cannot have a mean of"
            + " 0.125 and a deviation of 0.0; was the file edited?",
        "config.json | \"horizon\" : 1 | \"horizon\" : 2 | dense.",
        "scaler.json | 0.25 | -1 | channel 1: a mean of 2.0 and a deviation of -1.0 cannot scale;"
            + " was the file edited?",
        "scaler.json | \"mean\" | \"meen\" | is missing; was the file edited?"
      })
  void aDamagedDetectorIsRefused(String file, String before, String after, String message)
      throws IOException {
    Path model = folder.resolve("m");
    ModelDirectory.at(model).write(model("detect"), Optional.empty());
    Path damaged = model.resolve(file);
    String text = Files.readString(damaged);
    assertThat(text).contains(before);
    Files.writeString(damaged, text.replaceFirst(Pattern.quote(before), after));
    assertThatThrownBy(() -> ModelDirectory.open(model))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aScalerThatIsMissingIsTold() throws IOException {
    Path model = folder.resolve("m");
    ModelDirectory.at(model).write(model("forecast"), Optional.empty());
    Files.delete(model.resolve("scaler.json"));
    assertThatThrownBy(() -> ModelDirectory.open(model))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("it has no scaler.json");
  }
}
