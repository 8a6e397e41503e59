package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Cells one above the other that act as one: each step goes through all of them, the output of one
 * being the input of the next. TF1's {@code MultiRNNCell}, Keras's {@code StackedRNNCells}. Cells may be of
 * different kinds and sizes.
 *
 * <p>State: the parts of the first cell, then those of the second, and so on. Weights: those of each
 * cell, the k-th with {@code _cellK} before the suffix; with {@code shared}, those of one for all.
 *
 * @param cells from the lowest to the highest
 * @param shared whether all cells are one and use the same weights
 */
public record StackedCells(List<Cell> cells, boolean shared) implements Cell {
  /** Fails when sizes do not fit, or one instance is meant to be several cells. */
  public StackedCells {
    cells = List.copyOf(cells);
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("a stack needs at least one cell");
    }
    for (int i = 1; i < cells.size(); i++) {
      requireFit(cells, i);
    }
    if (!shared) {
      requireInstances(cells);
    }
  }

  /** Cells with weights of their own. */
  public StackedCells(List<? extends Cell> cells) {
    this(List.copyOf(cells), false);
  }

  /** {@code times} times the same cell with the same weights. */
  public static StackedCells shared(Cell cell, int times) {
    return new StackedCells(Collections.nCopies(times, cell), true);
  }

  @Override
  public String name() {
    return "Stacked(" + String.join(", ", cells.stream().map(Cell::name).toList()) + ")";
  }

  @Override
  public int inputSize() {
    return cells.getFirst().inputSize();
  }

  @Override
  public int outputSize() {
    return cells.getLast().outputSize();
  }

  @Override
  public List<Integer> stateSizes() {
    return cells.stream().flatMap(cell -> cell.stateSizes().stream()).toList();
  }

  @Override
  public List<String> stateNames() {
    return cells.stream().flatMap(cell -> cell.stateNames().stream()).toList();
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    List<ParameterSpec> specs = new ArrayList<>();
    for (int i = 0; i < (shared ? 1 : cells.size()); i++) {
      specs.addAll(cells.get(i).parameters("_cell" + i + suffix));
    }
    return specs;
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    List<Stepper> steppers = new ArrayList<>();
    int from = 0;
    for (Cell cell : cells) {
      int to = from + cell.parameters("").size();
      steppers.add(cell.begin(tape, batch, weights.subList(from, to)));
      from = shared ? 0 : to;
    }
    return (x, state) -> step(steppers, x, state);
  }

  /** A step on its own is a run of one step. */
  @Override
  public Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    return begin(x.tape(), x.rows(), weights).step(x, state);
  }

  @Override
  public String formula() {
    List<String> states = Notation.states(this);
    List<String> lines = new ArrayList<>();
    List<String> cellFormulas = new ArrayList<>();
    String x = "x";
    int from = 0;
    for (int i = 0; i < cells.size(); i++) {
      int to = from + cells.get(i).stateSizes().size();
      String y = i == cells.size() - 1 ? "y" : "y_" + i;
      String name = "cell_" + (shared ? 0 : i);
      lines.add(Notation.step(y, name, x, states.subList(from, to)));
      if (!shared || i == 0) {
        cellFormulas.add(Notation.where(name, cells.get(i)));
      }
      x = y;
      from = to;
    }
    lines.addAll(cellFormulas);
    return String.join("\n", lines);
  }

  private Step step(List<Stepper> steppers, Var x, List<Var> state) {
    Var features = x;
    List<Var> next = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      int from = next.size();
      int to = from + cells.get(i).stateSizes().size();
      Step step = steppers.get(i).step(features, state.subList(from, to));
      features = step.output();
      next.addAll(step.state());
    }
    return new Step(features, next);
  }

  private static void requireFit(List<Cell> cells, int i) {
    Cell below = cells.get(i - 1);
    if (cells.get(i).inputSize() != below.outputSize()) {
      throw new IllegalArgumentException(
          "cell %d of the stack takes %d inputs, but cell %d below it has %d outputs"
              .formatted(i, cells.get(i).inputSize(), i - 1, below.outputSize()));
    }
  }

  private static void requireInstances(List<Cell> cells) {
    IdentityHashMap<Cell, Integer> firsts = new IdentityHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      Integer first = firsts.putIfAbsent(cells.get(i), i);
      if (first != null) {
        throw new IllegalArgumentException(
            ("cells %d and %d of the stack are the same instance of %s. Layers with weights of"
                 + " their own are instances of their own: write List.of(new ..., new ...) instead"
                 + " of repeating one. To share its weights on purpose, write"
                 + " StackedCells.shared(cell, %d)")
                .formatted(first, i, cells.get(i).name(), cells.size()));
      }
    }
  }
}
