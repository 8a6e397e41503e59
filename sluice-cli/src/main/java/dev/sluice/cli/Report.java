package dev.sluice.cli;

import java.io.PrintWriter;

/** What {@code evaluate} says, for people; as JSON it is what the record holds. */
sealed interface Report
    permits EvaluationReport, ForecastReport, LanguageModelReport, MultiLabelReport {
  void print(PrintWriter out);
}
