package dev.sluice.cli;

import dev.sluice.data.CsvTable;
import dev.sluice.data.TextLines;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.StoredModel;
import dev.sluice.io.TrainedDetector;
import dev.sluice.model.AnomalyStream;
import dev.sluice.tape.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice detect}: a score for each row of a stream, at once. */
@Command(
    description = {
      "Tell how unusual each row of a CSV file or of standard input is, as it comes: each line is",
      "repeated with its score behind it, from 0 to 1. A score of 0.25 is one row in ten, 0.5 one"
          + " in a",
      "thousand, 0.75 one in a thousand millions."
    },
    footer = {
      "  sluice train --task detect --train usual.csv --values cpu --model out/",
      "  sluice detect --model out/ today.csv > scores.csv",
      "  tail -n +1 -f today.csv | sluice detect --model out/"
    })
final class DetectCommand implements Callable<Integer> {
  private static final String SCORE = "anomaly_score";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory that sluice train --task detect wrote.")
  private Path directory = Path.of("");

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "CSV file with a header; default: standard input.")
  private Optional<Path> file = Optional.empty();

  @Override
  public Integer call() {
    StoredModel stored = ModelDirectory.open(directory);
    if (!(stored instanceof TrainedDetector trained)) {
      throw new UserException(
          directory + ": is no detector; train one with sluice train --task detect");
    }
    try (TextLines lines =
        file.map(TextLines::open).orElseGet(() -> TextLines.of("standard input", System.in))) {
      return backend.run(threads -> detect(trained, CsvTable.of(lines), threads));
    }
  }

  private int detect(TrainedDetector trained, CsvTable table, Backend threads) {
    PrintWriter out = spec.commandLine().getOut();
    int[] columns = trained.forecaster().columns().all().stream().mapToInt(table::column).toArray();
    AnomalyStream stream = trained.detector().stream(threads);
    out.println(table.headerLine() + "," + SCORE);
    out.flush();
    float[] values = new float[columns.length];
    for (Optional<CsvTable.Row> row = table.next(); row.isPresent(); row = table.next()) {
      for (int c = 0; c < values.length; c++) {
        values[c] = table.number(row.get(), columns[c]);
      }
      out.printf("%s,%.5f%n", row.get().text(), stream.next(values));
      if (out.checkError()) { // flushes: the next row may be long in coming
        return ExitCode.OK;
      }
    }
    return ExitCode.OK;
  }
}
