package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CSV files become series; what is wrong with one is told with file, line and column. */
final class TimeSeriesTest {
  @TempDir private Path folder = Path.of("");

  private TimeSeries read(String... lines) throws IOException {
    return TimeSeries.read(file(lines), "time", List.of("a", "b"));
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("x.csv"), List.of(lines));
  }

  @Test
  void columnsAreTakenByNameInTheOrderWanted() throws IOException {
    TimeSeries series =
        read("b,\"time\",other,a", "1,2016-07-01,x,2", "", " 3.5 ,2016-07-02,y,\"-4e1\"");
    assertThat(series.columns()).containsExactly("a", "b");
    assertThat(series.values().toArray()).containsExactly(2, 1, -40, 3.5f);
    assertThat(series.times().time(1)).isEqualTo("2016-07-02");
    assertThat(series.times().time(33)).isEqualTo("2016-08-03");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2016-07-02,1,x | 3: column 'b': 'x' is not a finite number",
        "2016-07-02,,1 | 3: column 'a': no value; fill in what is missing first, such as with the"
            + " value before",
        "2016-07-02,NaN,1 | 3: column 'a': no value; fill in what is missing first, such as with"
            + " the value before",
        "2016-07-02,Infinity,1 | 3: column 'a': 'Infinity' is not a finite number",
        "2016-07-02,1 | 3: expected 3 fields, as in the header, got 2",
        "2016-07-01,1,1 | 3: column 'time': 2016-07-01 is not after 2016-07-01; sort the rows by"
            + " time, with one row for each",
        "1.7.2016,1,1 | 3: column 'time': '1.7.2016' is no time; expected one such as 2016-07,"
            + " 2016-07-01 or 2016-07-01 23:59:00",
        "2016-02-30,1,1 | 3: column 'time': '2016-02-30' is not in the calendar",
        "2016-07-02,\"1,1 | 3: a quote is not closed on its line; put each row on a line of its own"
      })
  void aBadSecondRowIsTold(String row, String message) {
    assertThatThrownBy(() -> read("time,a,b", "2016-07-01,1,2", row))
        .isInstanceOf(DataException.class)
        .hasMessage(folder.resolve("x.csv") + ":" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2016-07-04 | expected 2016-07-03, as far from the row before as the rows above, got"
            + " 2016-07-04; fill in missing rows",
        "2016-06-30 | 2016-06-30 is not after 2016-07-02; sort the rows by time, with one row for"
            + " each"
      })
  void anUnevenThirdRowIsTold(String time, String message) {
    assertThatThrownBy(() -> read("time,a,b", "2016-07-01,1,2", "2016-07-02,1,2", time + ",1,2"))
        .isInstanceOf(DataException.class)
        .hasMessage("%s:4: column 'time': %s", folder.resolve("x.csv"), message);
  }

  @Test
  void aColumnThatIsNotThereIsTold() {
    assertThatThrownBy(() -> read("time,a,c", "2016-07-01,1,2"))
        .isInstanceOf(DataException.class)
        .hasMessage(folder.resolve("x.csv") + ":1: no column 'b'; the header has time, a, c");
    assertThatThrownBy(() -> read("time,a,a"))
        .hasMessage(folder.resolve("x.csv") + ":1: column 'a' is there twice; rename one");
    assertThatThrownBy(() -> read("time,a,b", "2016-07-01,1,2"))
        .hasMessageContaining("the file ends with fewer than two rows of numbers");
  }

  @Test
  void monthsAreEvenThoughTheirDaysAreNot() {
    TimeAxis months = TimeAxis.of("1949-01", "1949-02");
    assertThat(months.time(2)).isEqualTo("1949-03");
    assertThat(months.time(14)).isEqualTo("1950-03");
    months.require(25, "1951-02");
    TimeAxis quarters = TimeAxis.of("2019-12-31", "2020-03-31");
    assertThat(quarters.time(4)).isEqualTo("2020-12-31");
  }

  @Test
  void theRowOfATimeIsTheFirstNotBeforeIt() {
    TimeAxis hours = TimeAxis.of("2016-07-01 00:00:00", "2016-07-01 01:00:00");
    assertThat(hours.rowAt("2016-07-01")).isZero();
    assertThat(hours.rowAt("2016-07-02")).isEqualTo(24);
    assertThat(hours.rowAt("2016-07-02 00:00:01")).isEqualTo(25);
    assertThat(hours.rowAt("2016-06-30 23:30")).isZero();
    assertThat(hours.rowAt("2016-06-30 23:00")).isEqualTo(-1);
  }

  @Test
  void quotedFieldsHoldCommasAndQuotes() {
    assertThat(CsvLine.parse("a,\"b,c\", \"d\"\"e\" ,,f "))
        .containsExactly("a", "b,c", "d\"e", "", "f");
    assertThat(CsvLine.parse("")).containsExactly("");
    assertThatThrownBy(() -> CsvLine.parse("a,\"b\"c"))
        .hasMessage("field 2: text after its closing quote; is a comma missing?");
  }
}
