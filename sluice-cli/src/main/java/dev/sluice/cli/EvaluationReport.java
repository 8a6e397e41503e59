package dev.sluice.cli;

import dev.sluice.data.Labels;
import dev.sluice.train.ConfusionMatrix;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What {@code evaluate} says, for people and as JSON.
 *
 * @param examples how many were judged
 * @param accuracy share of right answers
 * @param macroF1 mean F1 of the labels that occur
 * @param labels the figures of each label
 * @param confusions every mistake that was made, the most frequent first
 */
record EvaluationReport(
    int examples, double accuracy, double macroF1, List<Label> labels, List<Confusion> confusions)
    implements Report {
  private static final int MAX_MATRIX = 20;
  private static final int PAIRS = 10;

  /** The figures of one label. */
  record Label(String label, int examples, int right, double precision, double recall, double f1) {}

  /** {@code count} examples of {@code label} were taken for {@code predicted}. */
  record Confusion(String label, String predicted, int count) {}

  static EvaluationReport of(Labels labels, ConfusionMatrix matrix) {
    List<Confusion> confusions =
        matrix.mostConfused(Integer.MAX_VALUE).stream()
            .map(c -> new Confusion(labels.name(c.truth()), labels.name(c.predicted()), c.count()))
            .toList();
    IntFunction<Label> figures =
        k ->
            new Label(
                labels.name(k),
                matrix.support(k),
                matrix.count(k, k),
                matrix.precision(k),
                matrix.recall(k),
                matrix.f1(k));
    return new EvaluationReport(
        matrix.total(),
        matrix.accuracy(),
        matrix.macroF1(),
        IntStream.range(0, labels.size()).mapToObj(figures).toList(),
        confusions);
  }

  @Override
  public void print(PrintWriter out) {
    out.printf("accuracy  %.2f %%  (%,d examples)%n", 100 * accuracy, examples);
    out.printf("macro F1  %.2f %%%n%n", 100 * macroF1);
    printLabels(out);
    out.println();
    if (labels.size() <= MAX_MATRIX) {
      printMatrix(out);
    } else {
      printConfusions(out);
    }
  }

  /** The most frequent mistakes. */
  void printConfusions(PrintWriter out) {
    Table table = new Table("most confused", "taken for", "examples");
    confusions.stream()
        .limit(PAIRS)
        .forEach(c -> table.row(c.label(), c.predicted(), "%,d".formatted(c.count())));
    table.print(out);
  }

  private void printLabels(PrintWriter out) {
    Table table = new Table("label", "examples", "precision", "recall", "F1");
    for (Label label : labels) {
      table.row(
          label.label(),
          "%,d".formatted(label.examples()),
          percent(label.precision()),
          percent(label.recall()),
          percent(label.f1()));
    }
    table.print(out);
  }

  private void printMatrix(PrintWriter out) {
    List<String> names = labels.stream().map(Label::label).toList();
    List<String> headings = new ArrayList<>(List.of("label \\ taken for"));
    headings.addAll(names);
    Table table = new Table(headings);
    for (Label label : labels) {
      List<String> row = new ArrayList<>(List.of(label.label()));
      names.forEach(predicted -> row.add("%,d".formatted(count(label, predicted))));
      table.row(row);
    }
    table.print(out);
  }

  private int count(Label label, String predicted) {
    return label.label().equals(predicted)
        ? label.right()
        : confusions.stream()
            .filter(c -> c.label().equals(label.label()) && c.predicted().equals(predicted))
            .mapToInt(Confusion::count)
            .sum();
  }

  static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }
}
