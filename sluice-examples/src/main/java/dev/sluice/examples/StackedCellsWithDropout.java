package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.DropoutCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * Cells of different sizes one above the other, each with dropout on its output, over sequences of different
 * lengths.
 *
 * <p>Replaces TF1's {@code BasicLSTMCell} in {@code DropoutWrapper(output_keep_prob)} in {@code MultiRNNCell}, with
 * {@code zero_state} and {@code dynamic_rnn(sequence_length)}, and the last valid output.
 */
public final class StackedCellsWithDropout {
  private static final int INPUTS = 3;
  private static final int[] UNITS = {5, 4};
  private static final int STEPS = 4;
  private static final int[] LENGTHS = {2, 4, 3};

  private StackedCellsWithDropout() {}

  /** Prints outputs and states as they are in use, then one state while training. */
  public static void main(String... args) {
    List<Cell> cells = new ArrayList<>();
    for (int layer = 0; layer < UNITS.length; layer++) {
      int inputs = layer == 0 ? INPUTS : UNITS[layer - 1];
      Cell cell = new LstmVariantCell(inputs, UNITS[layer], LstmVariant.TF1);
      cells.add(new DropoutCell(cell, 1, 0.5f, 1, false));
    }
    Recurrent rnn = new Recurrent("rnn", new StackedCells(cells));
    Parameters parameters = new Parameters(rnn.parameters());
    parameters.initialize(RandomKey.of(1));

    PaddedBatch batch = PaddedBatch.batchMajor(PaddedBatch.mask(STEPS, LENGTHS));
    Matrix x = Matrix.zeros(batch.batch() * STEPS, INPUTS);
    Initializer.uniform(1).fill(x, RandomKey.of(2));

    try (Backend backend = Backend.create(1)) {
      Tape tape = Tape.inference(backend, parameters);
      Recurrent.Result result = rnn.forward(batch.pack(tape.constant(x)));
      Var outputs = batch.unpack(result.output(), Fill.ZERO, Direction.FORWARD);
      Show.sequences("outputs", batch.batch(), STEPS, outputs.value());

      Show.matrix("last outputs", result.output().last().value());
      List<Var> state = result.state().cells().getFirst(); // h and c of each cell of the stack
      for (int layer = 0; layer < UNITS.length; layer++) {
        Show.matrix("c of layer " + layer, state.get(2 * layer + 1).value());
        Show.matrix("h of layer " + layer, state.get(2 * layer).value());
      }

      Tape training = Tape.training(backend, parameters);
      result = rnn.forward(batch.pack(training.constant(x)));
      state = result.state().cells().getFirst();
      Show.matrix("c of layer 0 while training", state.get(1).value());
    }
  }
}
