package dev.sluice.examples;

import dev.sluice.cell.Direction;
import dev.sluice.cell.GruCell;
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

/**
 * The same padded sequences with time first and with the batch first.
 *
 * <p>Replaces TF1's {@code dynamic_rnn(GRUCell, time_major=True)} and {@code time_major=False} with {@code
 * sequence_length}, and PyTorch's {@code batch_first}.
 */
public final class TimeMajorAndBatchMajor {
  private static final int STEPS = 3;
  private static final int BATCH = 2;
  private static final int INPUTS = 3;
  private static final int[] LENGTHS = {2, 3};

  private TimeMajorAndBatchMajor() {}

  /** Prints outputs and states of both. */
  public static void main(String... args) {
    Recurrent rnn = new Recurrent("rnn", new GruCell(INPUTS, 4, false, true)); // reset before
    Parameters parameters = new Parameters(rnn.parameters());
    parameters.initialize(RandomKey.of(1));
    Matrix timeMajor = Matrix.zeros(STEPS * BATCH, INPUTS); // row t·B + b
    Initializer.uniform(1).fill(timeMajor, RandomKey.of(2));
    Matrix batchMajor = Matrix.zeros(BATCH * STEPS, INPUTS); // row b·T + t
    for (int b = 0; b < BATCH; b++) {
      for (int t = 0; t < STEPS; t++) {
        int row = b * STEPS + t;
        int from = t * BATCH + b;
        batchMajor.rowRange(row, row + 1).copyFrom(timeMajor.rowRange(from, from + 1));
      }
    }

    boolean[][] mask = PaddedBatch.mask(STEPS, LENGTHS);
    try (Backend backend = Backend.create(1)) {
      Tape tape = Tape.inference(backend, parameters);
      Var outputs = run(rnn, PaddedBatch.timeMajor(mask), tape.constant(timeMajor));
      Show.sequences("time-major outputs", STEPS, BATCH, outputs.value());
      outputs = run(rnn, PaddedBatch.batchMajor(mask), tape.constant(batchMajor));
      Show.sequences("batch-major outputs", BATCH, STEPS, outputs.value());
    }
  }

  private static Var run(Recurrent rnn, PaddedBatch batch, Var x) {
    Recurrent.Result result = rnn.forward(batch.pack(x));
    Show.matrix("state", result.state().cells().getFirst().getFirst().value());
    return batch.unpack(result.output(), Fill.ZERO, Direction.FORWARD);
  }
}
