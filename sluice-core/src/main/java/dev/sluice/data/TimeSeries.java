package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Columns of numbers over evenly spaced points in time.
 *
 * @param times of the rows
 * @param columns their names
 * @param values (T, C)
 */
public record TimeSeries(TimeAxis times, List<String> columns, Matrix values) {
  /**
   * Reads columns of a CSV file with a header, plain or gzipped.
   *
   * @param time the column of times, in order and evenly spaced
   * @param columns the columns of numbers, in the order wanted
   * @throws DataException when the file cannot be read, has not these columns or fewer than two rows, a
   *     value is missing or no finite number, or a time is not where it should be
   */
  public static TimeSeries read(Path file, String time, List<String> columns) {
    try (CsvTable table = CsvTable.open(file)) {
      return read(table, table.column(time), columns);
    }
  }

  private static TimeSeries read(CsvTable table, int time, List<String> columns) {
    int[] wanted = columns.stream().mapToInt(table::column).toArray();
    List<float[]> rows = new ArrayList<>();
    String firstTime = "";
    Optional<TimeAxis> axis = Optional.empty();
    for (Optional<CsvTable.Row> row = table.next(); row.isPresent(); row = table.next()) {
      String text = row.get().fields().get(time);
      try {
        if (rows.isEmpty()) {
          firstTime = text;
        } else if (axis.isEmpty()) {
          axis = Optional.of(TimeAxis.of(firstTime, text));
        } else {
          axis.get().require(rows.size(), text);
        }
      } catch (IllegalArgumentException e) {
        throw table.error(time, String.valueOf(e.getMessage()));
      }
      rows.add(table.numbers(row.get(), wanted));
    }
    return new TimeSeries(
        axis.orElseThrow(() -> table.error("the file ends with fewer than two rows of numbers")),
        List.copyOf(columns),
        CsvTable.matrix(rows));
  }

  /** How many points in time there are, T. */
  public int length() {
    return values.rows;
  }
}
