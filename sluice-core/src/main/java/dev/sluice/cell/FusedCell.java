package dev.sluice.cell;

import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A cell with a kernel that runs a whole batch of sequences as one entry of the tape, forward and
 * backward. It computes what {@link FormulaScan} computes from the formula; the contract test of
 * cells holds the two against each other.
 */
public interface FusedCell extends Cell {
  /** The kernel's counterpart of {@link FormulaScan#scan}. */
  Scan scan(PackedSequence x, Direction direction, List<Var> initial, List<Var> weights);
}
