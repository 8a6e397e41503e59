package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.matrix.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labelled sequences of numbers, the scaler that learns from them, and what is wrong with files. */
class LabelledSeriesFileTest {
  private static final String HEADER =
      "#about\n@problemName x\n@timeStamps false\n@classLabel true a b\n@data\n";

  @TempDir private Path folder;

  @Test
  void stepsWithBlanksAndValuesWithCommas() throws IOException {
    List<LabelledSeries> examples =
        LabelledSeriesFile.read(file("x.txt", "up\t1,2 3,4  5,-6e-1\n\ndown\t7,8\n"));
    assertThat(examples).extracting(LabelledSeries::label).containsExactly("up", "down");
    assertThat(examples.getFirst().steps().toArray()).containsExactly(1, 2, 3, 4, 5, -0.6f);
    assertThat(examples.getFirst().steps().cols).isEqualTo(2);
    assertThat(SeriesText.format(examples.getFirst().steps()))
        .isEqualTo("1.0,2.0 3.0,4.0 5.0,-0.6");
  }

  @Test
  void tsHasChannelsOneAfterTheOther() throws IOException {
    List<LabelledSeries> examples =
        LabelledSeriesFile.read(file("x.ts", HEADER + "1,3,5:2,4,6:a\n7:8:b\n"));
    assertThat(examples).extracting(LabelledSeries::label).containsExactly("a", "b");
    assertThat(examples.getFirst().steps().toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(examples.getLast().steps().rows).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a 1,2       | no tab between label and numbers; write label<TAB>0.1,2 0.3,4
          \\t1,2       | no label before the tab
          a\\t         | no step; write values,with,commas and blanks between steps
          a\\t1,2 3    | step 2 has 1 value(s), the first one has 2
          a\\t1,2 3,x  | step 2: 'x' is not a number; correct it
          a\\t1,2 3,?  | step 2: '?' is not a number; missing values must be filled in first
          a\\t1,2 3,NaN | step 2: NaN is no finite number; correct it
          a\\t1,2,3    | expected 2 channel(s), got 3; every step needs the same values
          """)
  void aLineThatIsNoExample(String line, String message) throws IOException {
    Path file = file("x.txt", "a\t1,2\n" + line.replace("\\t", "\t") + "\n");
    assertThatThrownBy(() -> LabelledSeriesFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ":2: " + message);
  }

  @Test
  void aTsFileThatIsNone() throws IOException {
    refuses("a\t1,2\n", ":1: expected a header of @key value; is it a .ts file?");
    refuses("@problemName x\n", ":2: the file ends without @data");
    refuses(
        "@timeStamps true\n@data\n", ":1: expected @timestamps false: time stamps cannot be read");
    refuses(
        "@classLabel false\n@data\n", ":1: expected @classlabel true: a class for each example");
    refuses(HEADER + "1,2\n", ":6: expected channels and a class with colons between them");
    refuses(HEADER + "1,2:3:a\n", ":6: channel 2 has 1 value(s), the first one has 2");
    refuses(HEADER + "1,?:3,4:a\n", ":6: channel 1: '?' is not a number; missing values");
    refuses(HEADER, ": holds no example");
  }

  @Test
  void theScalerLearnsMeanAndDeviationOfEachChannel() {
    List<Matrix> sequences = List.of(Matrix.of(1, 2, 1, 5), Matrix.of(3, 2, 1, 5, 3, 5, 3, 5));
    StandardScaler scaler = StandardScaler.learn(sequences);
    assertThat(scaler.mean()).containsExactly(2f, 5f);
    assertThat(scaler.deviation()).containsExactly(1f, 1f); // the second never changes
    assertThat(scaler.scale(Matrix.of(1, 2, 4, 6)).toArray()).containsExactly(2, 1);
    assertThat(StandardScaler.learn(List.of(Matrix.of(2, 1, 0, 8))).deviation())
        .containsExactly(4f);
    assertThatThrownBy(() -> StandardScaler.of(new float[] {1}, new float[] {0}))
        .hasMessage("channel 0: a mean of 1.0 and a deviation of 0.0 cannot scale");
  }

  private void refuses(String content, String message) throws IOException {
    Path file = file("x.ts", content);
    assertThatThrownBy(() -> LabelledSeriesFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + message);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
