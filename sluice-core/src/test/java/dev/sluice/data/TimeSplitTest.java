package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.matrix.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shares and times cut a series into the same kind of parts; naive forecasts, by hand. */
final class TimeSplitTest {
  private static final TimeSeries SERIES =
      new TimeSeries(TimeAxis.of("2016-07-01", "2016-07-02"), List.of("a"), Matrix.zeros(10, 1));

  @Test
  void sharesFollowEachOther() {
    assertThat(TimeSplit.parse("60,20,20", SERIES)).isEqualTo(new TimeSplit(6, 8, 10));
    assertThat(TimeSplit.parse("3, 1", SERIES)).isEqualTo(new TimeSplit(7, 10, 10));
  }

  @Test
  void timesAreWherePartsBegin() {
    assertThat(TimeSplit.parse("2016-07-05,2016-07-08", SERIES)).isEqualTo(new TimeSplit(4, 7, 10));
    assertThat(TimeSplit.parse("2016-07-05,2016-07-08,2016-07-10", SERIES))
        .isEqualTo(new TimeSplit(4, 7, 9));
  }

  @Test
  void whatIsNoSplitIsTold() {
    assertThatThrownBy(() -> TimeSplit.parse("70", SERIES))
        .hasMessage("expected two or three shares or times between commas, got '70'");
    assertThatThrownBy(() -> TimeSplit.parse("0,0", SERIES)).hasMessage("the shares are all 0");
    assertThatThrownBy(() -> TimeSplit.parse("0,50,50", SERIES))
        .hasMessage(
            "training, validation and test parts must follow each other, and the first two hold"
                + " rows; got rows 0 to 0, to 5, to 10");
    assertThatThrownBy(() -> TimeSplit.parse("2016-07-05,2016-07-08,2017-07-10", SERIES))
        .hasMessage("the test part ends at 2017-07-10, but the last row is 2016-07-10");
  }

  @Test
  void naiveForecastsRepeatTheLastPeriod() {
    Matrix values = Matrix.of(6, 1, 1, 2, 3, 4, 0, 0);
    assertThat(forecasts(new SeasonalNaive(1), values, 4)).containsExactly(4, 4, 4, 4, 4);
    assertThat(forecasts(new SeasonalNaive(3), values, 4)).containsExactly(2, 3, 4, 2, 3);
    assertThatThrownBy(() -> new SeasonalNaive(0))
        .hasMessage("a period has at least 1 step, got 0");
  }

  private static float[] forecasts(SeasonalNaive naive, Matrix values, int origin) {
    float[] forecasts = new float[5];
    for (int step = 0; step < forecasts.length; step++) {
      forecasts[step] = naive.forecast(values, origin, step, 0);
    }
    return forecasts;
  }
}
