package dev.sluice.layer;

import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The state of recurrent layers between two steps, as a value on the tape: it is given to {@link
 * Recurrent#forward}, and a new one comes back. Gradients flow through it, from a decoder to its encoders.
 *
 * <pre>
 *   State both = local.state().concat(global.state());      // (B, H1) and (B, H2) become (B, H1 + H2)
 *   Recurrent.Result decoded = decoder.forward(x, both);
 * </pre>
 *
 * <p>Row b belongs to the sequence that was given as number b, however the batch is packed. To keep
 * numbers beyond {@link Tape#reset}, {@link #detach} them.
 *
 * @param cells for each cell, layer by layer and forward before backward, the parts of its state,
 *     (B, size): h, or h and c of an LSTM
 */
public record State(List<List<Var>> cells) {
  public State {
    cells = cells.stream().map(List::copyOf).toList();
  }

  /** The state of a single cell: {@code State.of(h, c)} for an LSTM. */
  public static State of(Var... parts) {
    return new State(List.of(List.of(parts)));
  }

  /** The state with {@code f} of each part in its place. */
  public State map(UnaryOperator<Var> f) {
    return new State(cells.stream().map(parts -> parts.stream().map(f).toList()).toList());
  }

  /**
   * The features of both states side by side, cell by cell and part by part, h with h and c with c:
   * the first state of layers as wide as both together.
   *
   * @throws IllegalArgumentException when they differ in their layers, in the parts of a layer, or in the
   *     number of sequences
   */
  public State concat(State other) {
    return combine(
        other,
        (a, b) -> {
          if (a.rows() != b.rows()) {
            throw new IllegalArgumentException(
                "states of %d and of %d sequences cannot be put side by side"
                    .formatted(a.rows(), b.rows()));
          }
          return Var.concat(a, b);
        });
  }

  /** The numbers alone, copied out of the tape's memory: PyTorch's {@code detach}. */
  public DetachedState detach() {
    return new DetachedState(
        cells.stream()
            .map(parts -> parts.stream().map(part -> part.value().copy()).toList())
            .toList());
  }

  /** The state with {@code f} of each part and of the other state's part in its place. */
  State combine(State other, BinaryOperator<Var> f) {
    requireSameCells(other);
    List<List<Var>> combined = new ArrayList<>();
    for (int k = 0; k < cells.size(); k++) {
      List<Var> parts = new ArrayList<>();
      for (int i = 0; i < cells.get(k).size(); i++) {
        parts.add(f.apply(cells.get(k).get(i), other.cells.get(k).get(i)));
      }
      combined.add(parts);
    }
    return new State(combined);
  }

  private void requireSameCells(State other) {
    if (cells.size() != other.cells.size()) {
      throw new IllegalArgumentException(
          "a state of %d cells and one of %d do not fit: both need as many layers and directions"
              .formatted(cells.size(), other.cells.size()));
    }
    for (int k = 0; k < cells.size(); k++) {
      if (cells.get(k).size() != other.cells.get(k).size()) {
        throw new IllegalArgumentException(
            ("the states of cell %d do not fit: the one has %d part(s), the other %d;"
                    + " an LSTM has h and c, a GRU or RNN has h")
                .formatted(k, cells.get(k).size(), other.cells.get(k).size()));
      }
    }
  }
}
