package dev.sluice.layer;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellWrapper;
import dev.sluice.cell.StackedCells;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The state of a cell as one matrix, the form that TF1 has with {@code state_is_tuple=False}: for an LSTM
 * [c, h] side by side, memory first; for stacked cells those of each cell, from the lowest.
 */
public final class ConcatenatedState {
  private ConcatenatedState() {}

  /**
   * The parts of a state in one matrix, (B, sum of their sizes).
   *
   * @param state in the order of {@link Cell#stateSizes}
   */
  public static Var join(Cell cell, List<Var> state) {
    return Var.concat(order(cell).stream().map(state::get).toArray(Var[]::new));
  }

  /**
   * The opposite of {@link #join}: parts in the order of {@link Cell#stateSizes}, as windows.
   *
   * @throws IllegalArgumentException when the matrix has another width than the state
   */
  public static List<Var> split(Cell cell, Var joined) {
    List<Integer> sizes = cell.stateSizes();
    int width = sizes.stream().mapToInt(size -> size).sum();
    if (joined.cols() != width) {
      throw new IllegalArgumentException(
          "the state of a %s has %d numbers, got %s".formatted(cell.name(), width, joined));
    }
    List<Var> parts = new ArrayList<>(Collections.nCopies(sizes.size(), joined));
    int from = 0;
    for (int part : order(cell)) {
      int to = from + sizes.get(part);
      parts.set(part, joined.columnRange(from, to));
      from = to;
    }
    return parts;
  }

  /** Which part of the state stands first, second, ... */
  private static List<Integer> order(Cell cell) {
    List<Integer> order = new ArrayList<>();
    if (cell instanceof StackedCells stack) {
      for (Cell layer : stack.cells()) {
        int from = order.size();
        order(layer).forEach(part -> order.add(from + part));
      }
      return order;
    }
    if (cell instanceof CellWrapper wrapper) {
      return order(wrapper.cell());
    }
    for (int part = cell.stateSizes().size() - 1; part >= 0; part--) {
      order.add(part);
    }
    return order;
  }
}
