package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time series through the commands: train, evaluate, predict, info; and streams through detect. */
final class ForecastCommandsTest {
  private static final int ROWS = 120;

  @TempDir private Path folder = Path.of("");
  private Path csv = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void write() throws IOException {
    csv = series(folder.resolve("hourly.csv"), ROWS, 0);
    model = folder.resolve("m");
  }

  /** Hourly rows of a daily wave and of its double, from row 72 on higher by {@code jump}. */
  private static Path series(Path file, int rows, float jump) throws IOException {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    LocalDateTime start = LocalDateTime.of(2016, 7, 1, 0, 0);
    List<String> lines = new ArrayList<>(List.of("date,load,\"heat, total\""));
    for (int t = 0; t < rows; t++) {
      float wave = (float) StrictMath.sin(t * Math.PI / 12) + (t < 72 ? 0 : jump);
      lines.add("%s,%s,%s".formatted(format.format(start.plusHours(t)), wave, 2 * wave));
    }
    return Files.write(file, lines);
  }

  private Result train(String task, Path file, Path directory, String... more) {
    Stream<Object> fixed =
        Stream.of(
            "train",
            "--task=" + task,
            "--train",
            file,
            "--model",
            directory,
            "--epochs=2",
            "--hidden=4",
            "--window=12",
            "--batch=16");
    return Cli.run(Stream.concat(fixed, Stream.of(more)).toArray());
  }

  private Result forecaster() {
    return train("forecast", csv, model, "--horizon=6", "--split=60,20,20", "--autoregressive");
  }

  @Test
  void theScalerKnowsNothingButTheTrainingPart() throws IOException {
    Path other = series(folder.resolve("other.csv"), ROWS, 1000);
    assertThat(forecaster().exitCode()).isZero();
    Result second =
        train("forecast", other, folder.resolve("o"), "--horizon=6", "--split=60,20,20");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(folder.resolve("o/scaler.json"))
        .hasSameTextualContentAs(model.resolve("scaler.json"));
    Result longer =
        train("forecast", other, folder.resolve("p"), "--horizon=6", "--split=70,20,10");
    assertThat(longer.exitCode()).as(longer.err()).isZero();
    assertThat(Files.readString(folder.resolve("p/scaler.json")))
        .isNotEqualTo(Files.readString(model.resolve("scaler.json")));
  }

  @Test
  void threadsDoNotChangeTheModel() {
    assertThat(forecaster().exitCode()).isZero();
    Path many = folder.resolve("many");
    Result result =
        train(
            "forecast",
            csv,
            many,
            "--horizon=6",
            "--split=60,20,20",
            "--autoregressive",
            "--threads=3");
    assertThat(result.exitCode()).as(result.err()).isZero();
    for (String file : List.of("model.safetensors", "config.json", "scaler.json")) {
      assertThat(many.resolve(file)).hasSameBinaryContentAs(model.resolve(file));
    }
  }

  @Test
  void evaluateComparesWithNaiveForecasts() {
    assertThat(forecaster().exitCode()).isZero();
    Result result = Cli.run("evaluate", "--model", model, csv, "--season=24");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.outLines())
        .contains("19 windows from 2016-07-05 00:00:00 to 2016-07-06 00:00:00", "")
        .anyMatch(line -> line.startsWith("model "))
        .anyMatch(line -> line.startsWith("last value "))
        .anyMatch(line -> line.matches("last season, 24 +0\\.0000 +0\\.0000"))
        .anyMatch(line -> line.startsWith("heat, total "));
    Result part =
        Cli.run(
            "evaluate", "--model", model, csv, "--from=2016-07-05 12:00", "--to=2016-07-05 18:00");
    assertThat(part.outLines().getFirst())
        .isEqualTo("1 windows from 2016-07-05 12:00:00 to 2016-07-05 18:00:00");
    Result none = Cli.run("evaluate", "--model", model, csv, "--from=2017-01-01");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("has no forecast to judge from 2017-01-01 00:00:00");
  }

  @Test
  void predictWritesTheFutureOrForecastsBesideWhatHappened() throws IOException {
    assertThat(forecaster().exitCode()).isZero();
    Result future = Cli.run("predict", "--model", model, csv);
    assertThat(future.exitCode()).as(future.err()).isZero();
    assertThat(future.outLines()).hasSize(7);
    assertThat(future.outLines().getFirst())
        .isEqualTo(
            "date,load,load_forecast,load_last,\"heat, total\",\"heat, total_forecast\",\"heat,"
                + " total_last\"");
    assertThat(future.outLines().get(1)).startsWith("2016-07-06 00:00:00,,");
    Result past =
        Cli.run("predict", "--model", model, csv, "--from=2016-07-05 20:00", "--season=24");
    assertThat(past.outLines()).hasSize(1 + 6); // four rows that happened, two that did not
    String[] first = past.outLines().get(1).split(",", -1);
    assertThat(first[0]).isEqualTo("2016-07-05 20:00:00");
    assertThat(first[4]).isEqualTo(first[1]); // the season of a wave is the wave
    assertThat(past.outLines().getLast()).startsWith("2016-07-06 01:00:00,,");
    Result early = Cli.run("predict", "--model", model, csv, "--from=2016-07-01 05:00");
    assertThat(early.err())
        .contains("--from: a forecast needs 12 rows before it; expected 2016-07-01 12:00:00 to");
    assertThat(early.out()).isEmpty();
    Result tooShort = Cli.run("predict", "--model", model, series(folder.resolve("s.csv"), 5, 5));
    assertThat(tooShort.err()).contains("a forecast needs 12 rows before it, and the file has 5");
    assertThat(tooShort.out()).isEmpty();
  }

  @Test
  void infoTellsColumnsAndShape() {
    assertThat(forecaster().exitCode()).isZero();
    assertThat(Cli.run("info", model).outLines())
        .contains(
            "task      forecast",
            "network   load, heat, total from load, heat, total: 6 row(s) from 12, relative to the"
                + " last, with a linear part, dropout 0.0");
  }

  @Test
  void badOptionsAreTold() {
    assertThat(train("forecast", csv, model, "--residual=13").err())
        .contains("--residual: expected a period within the window of 12 rows, got 13");
    assertThat(train("forecast", csv, model, "--split=95,3,2", "--horizon=9").err())
        .contains("the validation part has 3 rows, too few for a window of 12 and a horizon of 9");
    assertThat(train("forecast", csv, model, "--inputs=load,nothing").err())
        .contains(":1: no column 'nothing'; the header has date, load, heat, total");
    assertThat(train("detect", csv, model, "--values=load,load").err())
        .contains("--values: a column is there twice: load,load");
  }

  @Test
  void detectAnswersEachRowWithAScore() throws IOException {
    Result training =
        Cli.run(
            "train",
            "--task=detect",
            "--train",
            csv,
            "--model",
            model,
            "--values=load",
            "--epochs=10",
            "--learning-rate=0.02",
            "--hidden=4",
            "--window=12",
            "--batch=16");
    assertThat(training.exitCode()).as(training.err()).isZero();
    List<String> lines =
        new ArrayList<>(Files.readAllLines(series(folder.resolve("new.csv"), 60, 0)));
    lines.set(41, lines.get(41).replaceFirst(",[^,]*,", ",9,"));
    Result result = Cli.runWithInput(String.join("\n", lines), "detect", "--model", model);
    assertThat(result.exitCode()).as(result.err()).isZero();
    List<String> answers = result.outLines();
    assertThat(answers).hasSameSizeAs(lines);
    assertThat(answers.getFirst()).isEqualTo("date,load,\"heat, total\",anomaly_score");
    for (int i = 0; i < lines.size(); i++) {
      assertThat(answers.get(i)).startsWith(lines.get(i) + ",");
    }
    assertThat(score(answers.get(41))).isGreaterThan(0.9);
    assertThat(score(answers.get(30))).isLessThan(0.7);
    assertThat(answers.get(12)).endsWith(",0.00000");
  }

  private static double score(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
  }

  @Test
  void detectTellsABadRowAfterTheAnswersBefore() {
    assertThat(train("detect", csv, model, "--values=load").exitCode()).isZero();
    Result result = Cli.runWithInput("load\n1\nx\n", "detect", "--model", model);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.outLines()).containsExactly("load,anomaly_score", "1,0.00000");
    assertThat(result.err())
        .contains("standard input:3: column 'load': 'x' is not a finite number");
    Result other = Cli.run("predict", "--model", model, csv);
    assertThat(other.err()).contains("holds a detector; run sluice detect");
  }
}
