package dev.sluice.cli.report;

import dev.sluice.cli.report.Line.Point;
import dev.sluice.matrix.Matrix;
import dev.sluice.train.ConfusionMatrix;
import dev.sluice.train.Findings;
import dev.sluice.train.ForecastSample;
import dev.sluice.train.LabelCounts;
import dev.sluice.train.MultiLabelJudgement;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What a validation found out: which class was taken for which, the figures of each label, or
 * forecasts.
 *
 * @param labels names of classes, in the order of the findings
 */
record FindingsSection(Findings findings, List<String> labels) {
  /** With more classes a matrix has no numbers; with more than the second there is none. */
  private static final int MOST_NUMBERS = 20;

  private static final int MOST_CLASSES = 60;
  private static final int MOST_ROWS = 200;
  private static final int MOST_CONFUSIONS = 12;
  private static final int MOST_COLUMNS = 6;

  void writeTo(Html out) {
    switch (findings) {
      case ConfusionMatrix matrix -> {
        out.open("section", "class", "tables");
        confusion(out, matrix);
        mostConfused(out, matrix);
        figures(out, matrix::support, matrix::precision, matrix::recall, matrix::f1);
        out.close();
      }
      case MultiLabelJudgement judgement -> {
        LabelCounts counts = judgement.counts();
        out.open("section", "class", "tables");
        figures(out, counts::support, counts::precision, counts::recall, counts::f1);
        out.close();
      }
      case ForecastSample sample -> forecasts(out, sample);
    }
  }

  private void confusion(Html out, ConfusionMatrix matrix) {
    if (labels.size() > MOST_CLASSES) {
      return;
    }
    boolean numbers = labels.size() <= MOST_NUMBERS;
    out.open("div", "class", "card")
        .element("h3", "Row: what it is; column: what it was taken for");
    out.open("div", "class", "wide");
    out.open("table", "class", numbers ? "matrix" : "matrix dense").open("tr").element("th", "");
    labels.forEach(label -> out.open("th").element("span", label).close());
    out.close();
    for (int truth = 0; truth < labels.size(); truth++) {
      out.open("tr").element("th", labels.get(truth));
      for (int predicted = 0; predicted < labels.size(); predicted++) {
        cell(out, matrix, truth, predicted, numbers);
      }
      out.close();
    }
    out.close().close().close();
  }

  private void cell(Html out, ConfusionMatrix matrix, int truth, int predicted, boolean numbers) {
    int count = matrix.count(truth, predicted);
    double share = count / (double) Math.max(1, matrix.support(truth));
    out.element(
        "td",
        numbers && count > 0 ? "%,d".formatted(count) : "",
        "class",
        truth == predicted ? "right" : "wrong",
        "style",
        "--share:%.0f%%".formatted(count == 0 ? 0 : 15 + 85 * share),
        "title",
        "%s taken for %s: %,d of %,d"
            .formatted(labels.get(truth), labels.get(predicted), count, matrix.support(truth)));
  }

  private void mostConfused(Html out, ConfusionMatrix matrix) {
    List<ConfusionMatrix.Confusion> confusions = matrix.mostConfused(MOST_CONFUSIONS);
    if (labels.size() <= MOST_NUMBERS || confusions.isEmpty()) {
      return;
    }
    out.open("div", "class", "card")
        .element("h3", "Most confused")
        .open("div", "class", "wide")
        .open("table");
    out.open("tr")
        .element("th", "label")
        .element("th", "taken for")
        .element("th", "examples", "class", "number");
    out.close();
    for (ConfusionMatrix.Confusion confusion : confusions) {
      out.open("tr").element("td", labels.get(confusion.truth()));
      out.element("td", labels.get(confusion.predicted()));
      out.element("td", "%,d".formatted(confusion.count()), "class", "number").close();
    }
    out.close().close().close();
  }

  private void figures(
      Html out,
      IntUnaryOperator support,
      IntToDoubleFunction precision,
      IntToDoubleFunction recall,
      IntToDoubleFunction f1) {
    out.open("div", "class", "card").element("h3", "Labels, the most frequent first");
    out.open("div", "class", "tall").open("table").open("tr");
    out.element("th", "label");
    for (String heading : List.of("examples", "precision", "recall", "F1")) {
      out.element("th", heading, "class", "number");
    }
    out.element("th", "");
    out.close();
    IntStream.range(0, labels.size())
        .boxed()
        .sorted(Comparator.comparingInt((Integer k) -> support.applyAsInt(k)).reversed())
        .limit(MOST_ROWS)
        .forEach(
            k -> {
              out.open("tr").element("td", labels.get(k));
              number(out, "%,d".formatted(support.applyAsInt(k)));
              number(out, RunPage.percent(precision.applyAsDouble(k)));
              number(out, RunPage.percent(recall.applyAsDouble(k)));
              number(out, RunPage.percent(f1.applyAsDouble(k)));
              String width = "width:%.1f%%".formatted(100 * f1.applyAsDouble(k));
              out.open("td").open("div", "class", "bar").element("span", "", "style", width);
              out.close().close().close();
            });
    out.close().close();
    if (labels.size() > MOST_ROWS) {
      out.element(
          "p",
          "%,d more labels are not shown; sluice evaluate shows all"
              .formatted(labels.size() - MOST_ROWS),
          "class",
          "quiet");
    }
    out.close();
  }

  private static void number(Html out, String text) {
    out.element("td", text, "class", "number");
  }

  private static void forecasts(Html out, ForecastSample sample) {
    int period = sample.naive().period();
    out.element(
        "p",
        "Forecasts of %s, one after the other; naive is %s"
            .formatted(
                sample.horizon() == 1 ? "one row" : "%,d rows".formatted(sample.horizon()),
                period == 1 ? "the last value" : "the value %,d rows before".formatted(period)),
        "class",
        "quiet");
    out.open("section", "class", "charts forecasts");
    for (ForecastSample.Column column : sample.columns().stream().limit(MOST_COLUMNS).toList()) {
      Matrix values = column.values();
      List<Line> lines =
          List.of(
              new Line("truth", 1, false, row(sample, values, 0)),
              new Line("forecast", 2, false, row(sample, values, 1)),
              new Line("naive", 3, false, row(sample, values, 2)));
      Axis x = Axis.exact(sample.firstRow(), sample.firstRow() + values.cols - 1);
      new Chart(column.name(), "row", x, Axis::rounded, OptionalDouble.empty(), lines).writeTo(out);
    }
    out.close();
  }

  private static List<Point> row(ForecastSample sample, Matrix values, int row) {
    return IntStream.range(0, values.cols)
        .mapToObj(t -> new Point(sample.firstRow() + t, values.get(row, t)))
        .toList();
  }
}
