package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** report.html of runs of all kinds. */
final class RunReportTest {
  @TempDir Path folder = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void nameModel() {
    model = folder.resolve("model");
  }

  private String report() throws IOException {
    return Files.readString(folder.resolve("model.run").resolve("report.html"));
  }

  private Path lines(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  private void train(Object... arguments) {
    Object[] all = new Object[arguments.length + 5];
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    List<Object> first = List.of("train", "--model", model, "--epochs=2", "--hidden=4");
    System.arraycopy(first.toArray(), 0, all, 0, 5);
    Result result = Cli.run(all);
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  @Test
  void aClassifier() throws IOException {
    Path examples = Cli.examples(folder.resolve("examples.tsv"), 60, 1);
    Files.writeString(
        examples,
        Files.readString(examples).replace("low\t", "<script>\t").replace("high", "&#60;"));
    train("--task=classify", "--train", examples, "--valid", examples);
    assertThat(report())
        .contains(
            ">finished<",
            "Accuracy on held-out data",
            "&lt;script&gt;",
            "&amp;#60;",
            "lstm.l0_reverse")
        .doesNotContain("<script>");
  }

  @Test
  void aRunThatGoesOnShowsAllEpochsAndWhatTheBestLooksLike() throws IOException {
    Path examples = Cli.examples(folder.resolve("examples.tsv"), 60, 1);
    Cli.train(examples, examples, model, "--epochs=3");
    String whole = report();
    assertThat(whole)
        .contains("3 of 3", "Labels, the most frequent first")
        .containsPattern("Gates, epoch [123]<");
    Files.delete(folder.resolve("model.run").resolve("report.html"));
    assertThat(Cli.run("train", "--resume", model).exitCode()).isZero();
    assertThat(report()).isEqualTo(whole);
  }

  @Test
  void aRunThatDiverges() throws IOException {
    Path examples = Cli.examples(folder.resolve("examples.tsv"), 60, 1);
    Cli.train(
        examples,
        examples,
        model,
        "--optimizer=sgd",
        "--clip=0",
        "--learning-rate=0.1",
        "--schedule=exponential(1e38)");
    assertThat(report()).contains(">diverged<");
  }

  @Test
  void aTagger() throws IOException {
    Path sentences = lines("s.tsv", List.of("the\tD", "cat\tN", "", "a\tD", "dog\tN"));
    train("--task=tag", "--train", sentences, "--valid", sentences);
    assertThat(report()).contains("char_lstm.l0", "Row: what it is", ">D<", ">N<");
  }

  @Test
  void sequencesOfNumbers() throws IOException {
    Path series = lines("n.tsv", List.of("up\t1 2 3", "down\t3 2 1", "up\t2 3", "down\t3 2"));
    train("--task=classify-numbers", "--train", series, "--valid", series, "--cell=gru");
    assertThat(report()).contains(">reset<", ">update<", ">down<");
  }

  @Test
  void setsOfLabels() throws IOException {
    Path sets = lines("sets.txt", List.of("do,re mi -", "mi do,re", "re,mi - do"));
    train("--task=next-set", "--train", sets, "--valid", sets, "--cell=rnn");
    assertThat(report()).contains(">mi<", ">F1<").doesNotContain("Gates");
  }

  @Test
  void aLanguageModelWithItsTest() throws IOException {
    Path text = Files.writeString(folder.resolve("t.txt"), "the cat sat on the mat\n".repeat(8));
    train(
        "--task=language-model",
        "--train",
        text,
        "--valid",
        text,
        "--test",
        text,
        "--embedding=4",
        "--batch=2");
    assertThat(report()).contains("test perplexity", "rnn.l0", "Perplexity on held-out data");
  }

  @Test
  void aForecaster() throws IOException {
    StringBuilder csv = new StringBuilder("time,load\n");
    for (int day = 0; day < 90; day++) {
      csv.append(LocalDate.of(2026, 1, 1).plusDays(day)).append(',').append(day % 7).append('\n');
    }
    Path file = Files.writeString(folder.resolve("f.csv"), csv);
    train("--task=forecast", "--train", file, "--window=7", "--horizon=2");
    assertThat(report()).contains("Forecasts of 2 rows", ">truth<", ">naive<", ">load<");
  }
}
