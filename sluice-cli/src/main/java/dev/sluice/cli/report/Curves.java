package dev.sluice.cli.report;

import dev.sluice.cli.report.Line.Point;
import dev.sluice.cli.report.Measurement.OfEpoch;
import dev.sluice.cli.report.Measurement.OfStep;
import dev.sluice.train.Metric;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The charts of a run over its steps; a dashed line is where the weights are from that are kept.
 */
record Curves(Run run) {
  void writeTo(Html out) {
    if (run.measurements().isEmpty()) {
      return;
    }
    out.open("section", "class", "charts");
    loss().writeTo(out);
    metric(out);
    chart("Gradient norm, before clipping", Axis::wide, OfStep::gradientNorm).writeTo(out);
    chart("Learning rate", Curves::fromZero, OfStep::learningRate).writeTo(out);
    chart("Speed, " + run.unit() + " per second", Curves::fromZero, OfStep::speed).writeTo(out);
    out.close();
  }

  private Chart loss() {
    return new Chart(
        "Loss",
        "step",
        x(),
        Axis::wide,
        best(),
        List.of(
            new Line("training, single steps", 3, false, steps(OfStep::loss)),
            new Line("training, mean of an epoch", 1, true, epochs(OfEpoch::trainLoss)),
            new Line("validation", 2, true, epochs(OfEpoch::validLoss))));
  }

  private void metric(Html out) {
    if (run.completed().isEmpty()) {
      return;
    }
    Metric metric = RunPage.metric(run.completed().getFirst());
    if (metric == Metric.LOSS) {
      return;
    }
    boolean share = metric != Metric.PERPLEXITY;
    String title =
        metric.words().substring(0, 1).toUpperCase(Locale.ROOT)
            + metric.words().substring(1)
            + (share ? " on held-out data, %" : " on held-out data");
    ToDoubleFunction<OfEpoch> value = epoch -> epoch.value() * (share ? 100 : 1);
    new Chart(
            title,
            "step",
            x(),
            share ? Curves::percents : Axis::wide,
            best(),
            List.of(new Line("validation", 2, true, epochs(value))))
        .writeTo(out);
  }

  private Chart chart(
      String title, Function<DoubleSummaryStatistics, Axis> scale, ToDoubleFunction<OfStep> value) {
    Line line = new Line("", 1, false, steps(value));
    return new Chart(title, "step", x(), scale, OptionalDouble.empty(), List.of(line));
  }

  private Axis x() {
    return Axis.exact(0, place(run.measurements().getLast()));
  }

  private static Axis fromZero(DoubleSummaryStatistics values) {
    values.accept(0);
    return Axis.rounded(values);
  }

  /** One value alone is not to be in the middle of what lies above 100 %. */
  private static Axis percents(DoubleSummaryStatistics values) {
    if (values.getMin() == values.getMax()) {
      values.accept(values.getMax() < 1 ? 1 : values.getMax() - 1);
    }
    return Axis.rounded(values);
  }

  private OptionalDouble best() {
    return run.best().stream().mapToDouble(Curves::place).findFirst();
  }

  private static double place(Measurement measurement) {
    return (double) measurement.step();
  }

  private List<Point> steps(ToDoubleFunction<OfStep> value) {
    return run.steps().stream().map(s -> new Point(place(s), value.applyAsDouble(s))).toList();
  }

  private List<Point> epochs(ToDoubleFunction<OfEpoch> value) {
    return run.completed().stream().map(e -> new Point(place(e), value.applyAsDouble(e))).toList();
  }
}
