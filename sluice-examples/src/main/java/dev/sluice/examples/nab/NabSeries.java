package dev.sluice.examples.nab;

import dev.sluice.data.CsvTable;
import dev.sluice.data.DataException;
import dev.sluice.matrix.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A series of the benchmark and where its anomalies are.
 *
 * @param name as in the labels, such as {@code realTweets/Twitter_volume_AAPL.csv}
 * @param values (T, 1)
 * @param windows in which an anomaly is to be found, in the order of time
 */
record NabSeries(String name, Matrix values, List<Window> windows) {
  /** Rows {@code first} to {@code last}, both in it. */
  record Window(int first, int last) {}

  /** Rows at the beginning that are not scored, from which a detector may learn. */
  int probation() {
    return Math.min((int) (0.15 * values.rows), 750);
  }

  /** All series of the benchmark in {@code folder}, which holds {@code data} and {@code labels}. */
  static List<NabSeries> readAll(Path folder) throws IOException {
    List<NabSeries> all = new ArrayList<>();
    String labels = Files.readString(folder.resolve("labels/combined_windows.json"));
    Matcher strings = Pattern.compile("\"([^\"]*)\"").matcher(labels);
    String name = "";
    List<String> times = new ArrayList<>();
    while (strings.find()) {
      String text = strings.group(1);
      if (!text.endsWith(".csv")) {
        times.add(text);
        continue;
      }
      if (!name.isEmpty()) {
        all.add(read(folder, name, times));
      }
      name = text;
      times.clear();
    }
    all.add(read(folder, name, times));
    return all;
  }

  private static NabSeries read(Path folder, String name, List<String> limits) {
    Path file = folder.resolve("data").resolve(name + ".gz");
    List<String> times = new ArrayList<>();
    try (CsvTable table = CsvTable.open(file)) {
      int time = table.column("timestamp");
      for (Optional<CsvTable.Row> row = table.next(); row.isPresent(); row = table.next()) {
        times.add(row.get().fields().get(time));
      }
    }
    List<Window> windows = new ArrayList<>();
    for (int w = 0; w < limits.size(); w += 2) {
      windows.add(new Window(row(times, limits.get(w), file), row(times, limits.get(w + 1), file)));
    }
    try (CsvTable table = CsvTable.open(file)) {
      return new NabSeries(name, table.numbers(List.of("value")), windows);
    }
  }

  /** The first row of that time: clocks that were set back make some occur twice. */
  private static int row(List<String> times, String limit, Path file) {
    int row = times.indexOf(limit.replaceFirst("\\.0*$", ""));
    if (row < 0) {
      throw new DataException("%s: no row of the label %s".formatted(file, limit));
    }
    return row;
  }
}
