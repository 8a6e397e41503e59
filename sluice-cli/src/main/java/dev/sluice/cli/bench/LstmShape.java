package dev.sluice.cli.bench;

import dev.sluice.cell.LstmCell;
import dev.sluice.layer.Recurrent;

/**
 * The sizes of the LSTM layers of a workload, whose weights are named {@code lstm.weight_ih_l0} and so on.
 *
 * @param inputs features of a step of the first layer
 * @param hidden units of each layer and direction
 * @param depth how many layers
 */
public record LstmShape(int inputs, int hidden, int depth, boolean bidirectional) {
  /** The layers, with dropout between them. */
  public Recurrent recurrent(float dropout) {
    return Recurrent.of(
        "lstm", inputs, depth, bidirectional, dropout, features -> new LstmCell(features, hidden));
  }

  /** 1 or 2. */
  public int directions() {
    return bidirectional ? 2 : 1;
  }

  /** Features of a step of the output. */
  public int outputs() {
    return directions() * hidden;
  }

  /** Features that a layer reads. */
  public int inputs(int layer) {
    return layer == 0 ? inputs : outputs();
  }

  @Override
  public String toString() {
    return "%d -> %s%d%s"
        .formatted(
            inputs, depth == 1 ? "" : depth + " x ", hidden, bidirectional ? " both ways" : "");
  }
}
