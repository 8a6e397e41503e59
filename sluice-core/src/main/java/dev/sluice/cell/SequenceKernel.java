package dev.sluice.cell;

import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A fast way to run one cell over a whole batch of sequences, as one entry of the tape: what {@link
 * Cell#kernel} offers. It computes what {@link FormulaScan} computes from the formula; the contract
 * test of cells holds the two against each other.
 */
@FunctionalInterface
public interface SequenceKernel {
  /** The kernel's counterpart of {@link FormulaScan#scan}. */
  Scan scan(PackedSequence x, Direction direction, List<Var> initial, List<Var> weights);
}
