package dev.sluice.cli.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * A line of a chart.
 *
 * @param name for the legend
 * @param color 1 to 3
 * @param marked whether each point has a mark
 * @param points from left to right
 */
record Line(String name, int color, boolean marked, List<Point> points) {
  /** More points than that are drawn as means of neighbours, with the range that these have. */
  private static final int MOST_POINTS = 200;

  /** More than that are too close to be marked. */
  private static final int MOST_MARKS = 60;

  /** Points whose y is a finite number. */
  Line {
    points = points.stream().filter(point -> Double.isFinite(point.y())).toList();
    marked = (marked && points.size() <= MOST_MARKS) || points.size() == 1;
  }

  /**
   * A point, or the mean of several.
   *
   * @param low the least y of those
   * @param high the largest
   */
  record Point(double x, double y, double low, double high) {
    Point(double x, double y) {
      this(x, y, y, y);
    }
  }

  /** Few enough points to be drawn. */
  Line reduced() {
    if (points.size() <= MOST_POINTS) {
      return this;
    }
    List<Point> means = new ArrayList<>();
    for (int i = 0; i < MOST_POINTS; i++) {
      means.add(mean(points.subList(first(i), first(i + 1))));
    }
    return new Line(name, color, marked, means);
  }

  private int first(int i) {
    return (int) ((long) i * points.size() / MOST_POINTS);
  }

  private static Point mean(List<Point> neighbours) {
    DoubleSummaryStatistics y = neighbours.stream().mapToDouble(Point::y).summaryStatistics();
    double x = neighbours.stream().mapToDouble(Point::x).average().orElse(0);
    return new Point(x, y.getAverage(), y.getMin(), y.getMax());
  }
}
