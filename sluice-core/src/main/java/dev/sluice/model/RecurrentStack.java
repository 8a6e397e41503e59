package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.layer.Recurrent;
import java.util.Locale;

/** The recurrent layers of a model, all of one kind and width, and the rule for their dropout. */
final class RecurrentStack {
  private RecurrentStack() {}

  /** Fails unless {@code dropout} is a probability below 1. */
  static void requireDropout(float dropout) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
    }
  }

  /**
   * Layers named as PyTorch's users do: lstm, gru or rnn.
   *
   * @param dropout between layers; a single layer has none
   */
  static Recurrent of(
      CellKind cell, int inputs, int hidden, int layers, boolean bidirectional, float dropout) {
    String name = cell.name().toLowerCase(Locale.ROOT);
    return of(name, cell, inputs, hidden, layers, bidirectional, dropout);
  }

  static Recurrent of(
      String name,
      CellKind cell,
      int inputs,
      int hidden,
      int layers,
      boolean bidirectional,
      float dropout) {
    float between = layers > 1 ? dropout : 0;
    return Recurrent.of(
        name, inputs, layers, bidirectional, between, size -> cell.of(size, hidden));
  }
}
