package dev.sluice.io.tensorflow;

import dev.sluice.cell.Cell;
import dev.sluice.matrix.Matrix;
import java.util.List;
import java.util.Map;

/**
 * A recurrent cell among the variables of a graph.
 *
 * @param scope where its variables are, such as {@code rnn/multi_rnn_cell/cell_0/basic_lstm_cell}
 * @param cell of the kind and the sizes that the variables tell
 * @param weights by the names and in the layout of {@link Cell#parameters}
 * @param assumptions what the variables do not tell and was taken for granted, each with what changes it
 */
public record TensorFlowCell(
    String scope, Cell cell, Map<String, Matrix> weights, List<String> assumptions) {
  /** Copies the collections. */
  public TensorFlowCell {
    weights = Map.copyOf(weights);
    assumptions = List.copyOf(assumptions);
  }
}
