package dev.sluice.cli;

import dev.sluice.data.Labels;
import dev.sluice.train.LabelCounts;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@code evaluate} says where an example has any number of labels, for people and as JSON. A label is
 * given when its probability is above a half.
 *
 * @param examples how many were judged
 * @param loss mean negative log-likelihood of the labels of an example, in nats
 * @param exactMatch share of examples whose labels are all right
 * @param microF1 F1 over all labels together
 * @param macroF1 mean F1 of the labels that occur
 * @param labels the figures of each label
 */
record MultiLabelReport(
    int examples,
    double loss,
    double exactMatch,
    double microF1,
    double macroF1,
    List<Label> labels)
    implements Report {
  /** The figures of one label, which applies to {@code examples}. */
  record Label(String label, int examples, double precision, double recall, double f1) {}

  static MultiLabelReport of(Labels labels, double loss, LabelCounts counts) {
    return new MultiLabelReport(
        counts.examples(),
        loss,
        counts.exactMatch(),
        counts.microF1(),
        counts.macroF1(),
        IntStream.range(0, labels.size())
            .mapToObj(
                k ->
                    new Label(
                        labels.name(k),
                        counts.support(k),
                        counts.precision(k),
                        counts.recall(k),
                        counts.f1(k)))
            .toList());
  }

  @Override
  public void print(PrintWriter out) {
    out.printf("loss      %.4f nats  (%,d examples)%n", loss, examples);
    out.printf("micro F1  %s%n", EvaluationReport.percent(microF1));
    out.printf("macro F1  %s%n", EvaluationReport.percent(macroF1));
    out.printf("all right %s%n%n", EvaluationReport.percent(exactMatch));
    Table table = new Table("label", "examples", "precision", "recall", "F1");
    for (Label label : labels) {
      table.row(
          label.label(),
          "%,d".formatted(label.examples()),
          EvaluationReport.percent(label.precision()),
          EvaluationReport.percent(label.recall()),
          EvaluationReport.percent(label.f1()));
    }
    table.print(out);
  }
}
