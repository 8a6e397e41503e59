package dev.sluice.cli.report;

import dev.sluice.cli.report.Line.Point;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lines over one horizontal axis, as SVG with a heading and a legend in HTML.
 *
 * @param title what is drawn
 * @param across what the horizontal axis counts
 * @param x the horizontal axis
 * @param scale the vertical axis for the values there are
 * @param highlight where something happened, if it did
 * @param lines those drawn last are on top
 */
record Chart(
    String title,
    String across,
    Axis x,
    Function<DoubleSummaryStatistics, Axis> scale,
    OptionalDouble highlight,
    List<Line> lines) {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 250;
  private static final double LEFT = 54;
  private static final double RIGHT = 14;
  private static final double TOP = 10;
  private static final double BOTTOM = 34;

  /** Lines without points are left out. */
  Chart {
    lines = lines.stream().filter(line -> !line.points().isEmpty()).map(Line::reduced).toList();
  }

  /** Writes it, if there is anything to draw. */
  void writeTo(Html out) {
    if (lines.isEmpty()) {
      return;
    }
    Axis y =
        scale.apply(
            lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::y)
                .summaryStatistics());
    out.open("figure").element("figcaption", title);
    out.open(
        "svg",
        "viewBox",
        "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT),
        "role",
        "img",
        "aria-label",
        title);
    horizontalTicks(out);
    verticalTicks(out, y);
    highlight.ifPresent(at -> line(out, "highlight", place(at), TOP, place(at), HEIGHT - BOTTOM));
    lines.forEach(line -> draw(out, line, y));
    out.close();
    legend(out);
    out.close();
  }

  private void horizontalTicks(Html out) {
    double base = HEIGHT - BOTTOM;
    line(out, "axis", LEFT, base, WIDTH - RIGHT, base);
    for (double tick : x.ticks()) {
      line(out, "axis", place(tick), base, place(tick), base + 4);
      text(out, x.label(tick), place(tick), base + 16, "middle");
    }
    text(out, across, WIDTH - RIGHT, HEIGHT - 4, "end");
  }

  private static void verticalTicks(Html out, Axis y) {
    for (double tick : y.ticks()) {
      double at = height(y, tick);
      line(out, "grid", LEFT, at, WIDTH - RIGHT, at);
      text(out, y.label(tick), LEFT - 7, at + 4, "end");
    }
  }

  private void draw(Html out, Line line, Axis y) {
    String color = "c" + line.color();
    List<Point> points = line.points();
    if (points.stream().anyMatch(point -> point.low() < point.high())) {
      Stream<String> above = points.stream().map(p -> at(p.x(), y, p.high()));
      Stream<String> below = points.reversed().stream().map(p -> at(p.x(), y, p.low()));
      String band = Stream.concat(above, below).collect(Collectors.joining(" "));
      out.empty("polygon", "class", "band " + color, "points", band);
    }
    String path = points.stream().map(p -> at(p.x(), y, p.y())).collect(Collectors.joining(" "));
    out.empty("polyline", "class", "line " + color, "points", path);
    if (line.marked()) {
      for (Point p : points) {
        out.open(
            "circle",
            "class",
            "mark " + color,
            "cx",
            tenths(place(p.x())),
            "cy",
            tenths(height(y, p.y())),
            "r",
            3);
        out.element("title", "%,.0f: %.5g".formatted(p.x(), p.y())).close();
      }
    }
  }

  private void legend(Html out) {
    if (lines.size() == 1) {
      return; // the title says it
    }
    out.open("ul", "class", "legend");
    for (Line line : lines) {
      out.open("li").element("i", "", "class", "c" + line.color()).text(line.name()).close();
    }
    out.close();
  }

  private static void line(Html out, String kind, double x1, double y1, double x2, double y2) {
    out.empty(
        "line",
        "class",
        kind,
        "x1",
        tenths(x1),
        "y1",
        tenths(y1),
        "x2",
        tenths(x2),
        "y2",
        tenths(y2));
  }

  private static void text(Html out, String text, double x, double y, String anchor) {
    out.element("text", text, "x", tenths(x), "y", tenths(y), "text-anchor", anchor);
  }

  private String at(double across, Axis y, double up) {
    return tenths(place(across)) + "," + tenths(height(y, up));
  }

  private double place(double value) {
    return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double height(Axis y, double value) {
    return HEIGHT - BOTTOM - Math.clamp(y.place(value), 0, 1) * (HEIGHT - TOP - BOTTOM);
  }

  private static String tenths(double value) {
    return "%.1f".formatted(value);
  }
}
