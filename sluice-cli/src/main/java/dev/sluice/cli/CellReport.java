package dev.sluice.cli;

import dev.sluice.cell.Cell;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code info} tells of a cell.
 *
 * @param name what it is called where it is shown: a layer, a heading
 * @param cell what it is
 * @param state the parts of its state
 * @param parameters how many numbers are learned
 * @param kernel what runs it over sequences: nothing falls back in silence
 * @param formula the text of its formula
 */
record CellReport(
    String name,
    String cell,
    int inputs,
    int outputs,
    List<Part> state,
    long parameters,
    String kernel,
    String formula) {
  /** A part of the state. */
  record Part(String name, int size) {}

  static CellReport of(String name, Cell cell) {
    return new CellReport(
        name,
        cell.name(),
        cell.inputSize(),
        cell.outputSize(),
        IntStream.range(0, cell.stateSizes().size())
            .mapToObj(i -> new Part(cell.stateNames().get(i), cell.stateSizes().get(i)))
            .toList(),
        cell.parameters("").stream().mapToLong(p -> (long) p.rows() * p.cols()).sum(),
        cell.kernel().isPresent() ? "fused kernel" : "formula, step by step",
        cell.formula());
  }

  /** On one line: {@code 64 -> 128; state h 128, c 128; 99,328 parameters; fused kernel}. */
  String inShort() {
    String parts =
        state.stream().map(p -> p.name() + " " + p.size()).collect(Collectors.joining(", "));
    return "%d -> %d; state %s; %,d parameters; %s"
        .formatted(inputs, outputs, parts, parameters, kernel);
  }

  /** Prints the formula, indented by {@code indent}. */
  void printFormula(PrintWriter out, int indent) {
    out.print(formula.indent(indent));
  }
}
