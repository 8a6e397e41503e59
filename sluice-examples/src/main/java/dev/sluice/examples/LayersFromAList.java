package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Collections;
import java.util.List;

/**
 * Two layers from a list of cells: distinct ones, one that stands there twice by mistake, and one that is shared on
 * purpose.
 *
 * <p>Replaces TF1's {@code MultiRNNCell([cell() for _ in range(2)])}, and {@code MultiRNNCell([cell] * 2)}, whose
 * meaning changed from one version of TF1 to the next.
 */
public final class LayersFromAList {
  private static final int UNITS = 4;

  private LayersFromAList() {}

  /** Prints variables and outputs of each, and what the mistake is told. */
  public static void main(String... args) {
    try (Backend backend = Backend.create(1)) {
      run(backend, "distinct", new StackedCells(List.of(cell(), cell())));

      try {
        new StackedCells(Collections.nCopies(2, cell()));
      } catch (IllegalArgumentException e) {
        System.out.println("the same twice: " + e.getMessage());
      }

      run(backend, "shared", StackedCells.shared(cell(), 2));
    }
  }

  private static Cell cell() {
    return new LstmVariantCell(UNITS, UNITS, LstmVariant.TF1);
  }

  private static void run(Backend backend, String name, Cell stack) {
    Recurrent rnn = new Recurrent("rnn", stack);
    Parameters parameters = new Parameters(rnn.parameters());
    parameters.initialize(RandomKey.of(1));
    System.out.println(name);
    for (Parameter p : parameters.all()) {
      System.out.println("  " + p.name());
    }

    Matrix x = Matrix.zeros(3, UNITS); // one sequence of three steps
    Initializer.uniform(1).fill(x, RandomKey.of(2));
    Var input = Tape.inference(backend, parameters).constant(x);
    PackedSequence sequence = new PackedSequence(Packing.of(3), input);
    Show.matrix("outputs", rnn.forward(sequence).output().data().value());
  }
}
