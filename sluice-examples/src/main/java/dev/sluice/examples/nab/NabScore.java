package dev.sluice.examples.nab;

import dev.sluice.examples.nab.NabSeries.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The scoring of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, <i>Evaluating real-time anomaly detection
 * algorithms</i>), written anew from its description. The first alarm in a window counts, more the earlier it
 * is; every alarm outside costs, more the farther it is behind a window; a window without alarm costs. One
 * threshold for all series, the best one, makes alarms of scores. 100 is perfect, 0 never an alarm.
 */
final class NabScore {
  private static final double FAR = 3;
  private static final double EARLIEST = sigmoid(-1);

  /** What an application wants. */
  enum Profile {
    STANDARD(0.11, 1),
    LOW_FALSE_POSITIVES(0.22, 1),
    LOW_FALSE_NEGATIVES(0.11, 2);

    private final double falsePositive;
    private final double falseNegative;

    Profile(double falsePositive, double falseNegative) {
      this.falsePositive = falsePositive;
      this.falseNegative = falseNegative;
    }
  }

  /**
   * A row that is scored.
   *
   * @param score what the detector says
   * @param window its number among those of all series, or -1
   * @param worth of an alarm: in a window 0 to 1, outside -1 to 0
   */
  private record Row(double score, int window, double worth) {}

  private final List<Row> rows = new ArrayList<>();
  private int windows;

  /** Adds a series with the scores of its rows; those of its first {@code probation} do not count. */
  void add(List<Window> seriesWindows, int probation, double... scores) {
    int next = 0; // window that row t is in or before
    for (int t = 0; t < scores.length; t++) {
      if (next < seriesWindows.size() && t > seriesWindows.get(next).last()) {
        next++;
      }
      boolean inside = next < seriesWindows.size() && t >= seriesWindows.get(next).first();
      if (t >= probation) {
        double worth =
            inside
                ? insideWorth(seriesWindows.get(next), t)
                : next == 0 ? -1 : behindWorth(seriesWindows.get(next - 1), t);
        rows.add(new Row(scores[t], inside ? windows + next : -1, worth));
      }
    }
    windows += seriesWindows.size();
  }

  private static double insideWorth(Window window, int t) {
    double width = window.last() - window.first() + 1;
    return sigmoid(-(window.last() - t + 1) / width) / EARLIEST;
  }

  private static double behindWorth(Window window, int t) {
    return sigmoid((t - window.last()) / (double) (window.last() - window.first()));
  }

  /** 1 far before 0, 0 there, -1 far behind it. */
  private static double sigmoid(double position) {
    return position >= FAR ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
  }

  /** The score with the threshold that is best for {@code profile}. */
  double best(Profile profile) {
    rows.sort(Comparator.comparingDouble(Row::score).reversed());
    double[] found = new double[windows];
    Arrays.fill(found, -profile.falseNegative);
    double never = -profile.falseNegative * windows;
    double sum = never;
    double best = never;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.window < 0) {
        sum += row.worth * profile.falsePositive;
      } else if (row.worth > found[row.window]) {
        sum += row.worth - found[row.window];
        found[row.window] = row.worth;
      }
      boolean lastOfEqual = i + 1 == rows.size() || rows.get(i + 1).score != row.score;
      best = lastOfEqual ? Math.max(best, sum) : best;
    }
    return 100 * (best - never) / (windows - never);
  }
}
