package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * Keras's LSTM with its own weights: a kernel, a recurrent kernel and one bias in the order i f c o, the 1 of the forget
 * gate inside of the bias; activations of choice; masks with holes; backwards; from a given state.
 *
 * <p>Replaces {@code keras.layers.LSTM(units, return_sequences=True, return_state=True, go_backwards=...)} called with
 * {@code initial_state} and {@code mask}, batch-major or {@code time_major}.
 */
public final class KerasLstm {
  private static final int BATCH = 2;
  private static final int STEPS = 4;
  private static final int INPUTS = 3;
  private static final int UNITS = 2;
  private static final boolean[][] HOLES = {{true, false, true, true}, {false, true, true, false}};

  private KerasLstm() {}

  /** Prints all outputs, the last output and both states of each call. */
  public static void main(String... args) {
    LstmVariant tanh = LstmVariant.PLAIN;
    LstmVariant softsign =
        tanh.withActivations(Activation.HARD_SIGMOID, Activation.SOFTSIGN, Activation.SOFTSIGN);
    PaddedBatch whole = PaddedBatch.batchMajor(PaddedBatch.mask(STEPS, STEPS, STEPS));
    PaddedBatch holes = PaddedBatch.batchMajor(HOLES);
    try (Backend backend = Backend.create(1)) {
      show("standard", run(backend, tanh, whole, Fill.REPEAT));
      show("hard_sigmoid, softsign", run(backend, softsign, whole, Fill.REPEAT));
      show("mask", run(backend, tanh, holes, Fill.REPEAT));
      show("zero_output_for_mask", run(backend, tanh, holes, Fill.ZERO));
      PaddedBatch backwards = holes.reversed(); // Keras hands out what it read last as the last
      show("go_backwards", backwards.flipTime(run(backend, tanh, backwards, Fill.REPEAT)));
      Var timeMajor = run(backend, tanh, PaddedBatch.timeMajor(HOLES), Fill.REPEAT);
      Show.sequences("time_major", STEPS, BATCH, timeMajor.value());
    }
  }

  /** Prints the last output and both states, and returns all outputs. */
  private static Var run(Backend backend, LstmVariant variant, PaddedBatch batch, Fill fill) {
    Cell cell = new LstmVariantCell(INPUTS, UNITS, variant);
    Recurrent lstm = new Recurrent("lstm", cell);
    Parameters parameters = new Parameters(lstm.parameters());
    Matrix kernel = random("kernel", INPUTS, 4 * UNITS);
    Matrix recurrentKernel = random("recurrent_kernel", UNITS, 4 * UNITS);
    Matrix bias = random("bias", 1, 4 * UNITS);
    StoredCell stored = new StoredCell(kernel, recurrentKernel, List.of(bias));
    Dialect.KERAS.load(stored, cell, parameters, "lstm.", "_l0");

    Tape tape = Tape.inference(backend, parameters);
    Var x = tape.constant(random("x", BATCH * STEPS, INPUTS));
    Var h = tape.constant(random("h", BATCH, UNITS));
    Var c = tape.constant(random("c", BATCH, UNITS));
    Recurrent.Result result = lstm.forward(batch.pack(x), State.of(h, c));

    Show.matrix("last output", result.output().last().value());
    Show.matrix("h", result.state().cells().getFirst().get(0).value());
    Show.matrix("c", result.state().cells().getFirst().get(1).value());
    return batch.unpack(result.output(), fill, Direction.FORWARD);
  }

  private static void show(String name, Var outputs) {
    Show.sequences(name, BATCH, STEPS, outputs.value());
  }

  private static Matrix random(String name, int rows, int cols) {
    Matrix m = Matrix.zeros(rows, cols);
    Initializer.uniform(1).fill(m, RandomKey.of(1).fold(name));
    return m;
  }
}
