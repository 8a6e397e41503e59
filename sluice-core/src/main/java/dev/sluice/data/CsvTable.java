package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a CSV file with a header, one at a time, and numbers from its columns. Errors name file,
 * line and column; empty lines are skipped.
 */
public final class CsvTable implements AutoCloseable {
  private final TextLines lines;
  private final String headerLine;
  private final List<String> header;

  private CsvTable(TextLines lines) {
    this.lines = lines;
    this.headerLine =
        lines
            .next()
            .orElseThrow(
                () -> lines.error("the file is empty; expected a header such as time,value"));
    this.header = fields(headerLine);
    for (int i = 0; i < header.size(); i++) {
      if (header.indexOf(header.get(i)) < i) {
        throw lines.error("column '%s' is there twice; rename one".formatted(header.get(i)));
      }
    }
  }

  /**
   * The rows of {@code file}, plain or gzipped.
   *
   * @throws DataException when it cannot be read or its header is no list of distinct names
   */
  public static CsvTable open(Path file) {
    return of(TextLines.open(file));
  }

  /** The rows behind a header; closing this closes {@code lines}. */
  public static CsvTable of(TextLines lines) {
    return new CsvTable(lines);
  }

  /** The names of the columns. */
  public List<String> header() {
    return header;
  }

  /** The header as it is in the file. */
  public String headerLine() {
    return headerLine;
  }

  /**
   * The number of the column called {@code name}.
   *
   * @throws DataException when there is none
   */
  public int column(String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw lines.error(
          "no column '%s'; the header has %s"
              .formatted(name, Shown.excerpt(String.join(", ", header))));
    }
    return index;
  }

  /**
   * A row of the table.
   *
   * @param text as it is in the file
   * @param fields one for each column
   */
  public record Row(String text, List<String> fields) {}

  /**
   * The next row, or nothing after the last.
   *
   * @throws DataException when it has not as many fields as the header
   */
  public Optional<Row> next() {
    Optional<String> line = lines.next();
    while (line.isPresent() && line.get().isBlank()) {
      line = lines.next();
    }
    return line.map(
        text -> {
          List<String> fields = fields(text);
          if (fields.size() != header.size()) {
            throw lines.error(
                "expected %d fields, as in the header, got %d"
                    .formatted(header.size(), fields.size()));
          }
          return new Row(text, fields);
        });
  }

  /**
   * The number in a column of the row that was read last.
   *
   * @throws DataException when there is none, or it is not finite
   */
  public float number(Row row, int column) {
    String text = row.fields.get(column);
    if (text.isEmpty() || text.equalsIgnoreCase("nan") || text.equals("NA") || text.equals("?")) {
      throw error(column, "no value; fill in what is missing first, such as with the value before");
    }
    try {
      float value = Float.parseFloat(text);
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw error(column, "'%s' is not a finite number".formatted(Shown.excerpt(text)));
  }

  /**
   * The numbers of some columns in all rows that are left, (T, C).
   *
   * @throws DataException when there is no row, no such column, or a value is no finite number
   */
  public Matrix numbers(List<String> names) {
    int[] columns = names.stream().mapToInt(this::column).toArray();
    List<float[]> rows = new ArrayList<>();
    for (Optional<Row> row = next(); row.isPresent(); row = next()) {
      rows.add(numbers(row.get(), columns));
    }
    if (rows.isEmpty()) {
      throw lines.error("the file ends without a row of numbers");
    }
    return matrix(rows);
  }

  /** The numbers in {@code columns} of the row that was read last. */
  float[] numbers(Row row, int... columns) {
    float[] numbers = new float[columns.length];
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = number(row, columns[c]);
    }
    return numbers;
  }

  /** Rows of numbers as a matrix. */
  static Matrix matrix(List<float[]> rows) {
    Matrix values = Matrix.zeros(rows.size(), rows.getFirst().length);
    for (int t = 0; t < values.rows; t++) {
      System.arraycopy(rows.get(t), 0, values.data, values.at(t), values.cols);
    }
    return values;
  }

  /** An error in {@code column} of the row that was read last. */
  DataException error(int column, String causeAndAdvice) {
    return lines.error("column '%s': %s".formatted(header.get(column), causeAndAdvice));
  }

  /** An error at the row that was read last. */
  DataException error(String causeAndAdvice) {
    return lines.error(causeAndAdvice);
  }

  @Override
  public void close() {
    lines.close();
  }

  private List<String> fields(String line) {
    try {
      return CsvLine.parse(line);
    } catch (IllegalArgumentException e) {
      throw lines.error(String.valueOf(e.getMessage()));
    }
  }
}
