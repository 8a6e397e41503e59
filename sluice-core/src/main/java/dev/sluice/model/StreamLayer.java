package dev.sluice.model;

import java.util.List;

/**
 * One layer of a {@link StreamingModel}: where in the memory of a session it works, and how. It owns
 * weights and no state, and is shared by all sessions.
 *
 * <p>A step is {@link #begin}, {@link #compute}, which threads may share by panels and which leaves its
 * result in scratch memory, and {@link #finish}.
 */
sealed interface StreamLayer permits DenseStream, FormulaStream, GruStream, LstmStream, RnnStream {
  /** A part of the state: {@code length} floats from {@code memory[at]}. */
  record Span(int at, int length) {}

  /** For people: what runs. */
  String description();

  /** Floats of a session's memory that are its own. */
  int memory();

  /** Floats it needs as scratch memory. */
  int scratch();

  /** Where it leaves its output, in its own memory. */
  int output();

  /** Where its state is, part by part as the cell has them. */
  List<Span> state();

  /** Bytes of weights that a step reads. */
  long weightBytes();

  /** How many panels {@link #compute} is made of. */
  int panels();

  /** Fetches the input, where it is needed in another place. */
  default void begin(float[] memory) {}

  /** The panels {@code from} to {@code to}, from input and state to scratch memory. */
  void compute(float[] memory, int scratch, int from, int to);

  /** What comes after all panels. */
  void finish(float[] memory, int scratch);
}
