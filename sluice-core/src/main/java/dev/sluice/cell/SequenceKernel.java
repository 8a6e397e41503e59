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
  /** Makes a run ready: takes its memory from the tape, computes nothing. */
  Pass prepare(PackedSequence x, Direction direction, List<Var> initial, List<Var> weights);

  /** The kernel's counterpart of {@link FormulaScan#scan}. */
  default Scan scan(PackedSequence x, Direction direction, List<Var> initial, List<Var> weights) {
    Pass pass = prepare(x, direction, initial, weights);
    pass.forward();
    return pass.record();
  }

  /** One run, between {@link #prepare} and its results. */
  interface Pass {
    /** Whether threads had better share it than the directions of its layer. */
    boolean isShared();

    /** Computes, and leaves the tape alone: passes of one tape may do this at the same time. */
    void forward();

    /** Enters the pass in the tape, once it is computed. */
    Scan record();

    /** A run that is over: of a formula, which works on the tape throughout. */
    static Pass of(Scan scan) {
      return new Pass() {
        @Override
        public boolean isShared() {
          return false;
        }

        @Override
        public void forward() {}

        @Override
        public Scan record() {
          return scan;
        }
      };
    }
  }
}
