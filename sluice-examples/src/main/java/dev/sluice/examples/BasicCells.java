package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.cell.Step;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.layer.ConcatenatedState;
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
 * Single steps of TF1's basic cells from TF1's own variables: a kernel (inputs + units, 4 units) in the order i j f o,
 * one bias, a forget bias that is added when the cell runs.
 *
 * <p>Replaces TF1's {@code BasicRNNCell} and {@code BasicLSTMCell}, with an activation of choice and the state as a
 * tuple or, {@code state_is_tuple=False}, as one matrix.
 */
public final class BasicCells {
  private BasicCells() {}

  /** Prints outputs and states. */
  public static void main(String... args) {
    try (Backend backend = Backend.create(1)) {
      basicRnn(backend);
      basicLstmWithTuple(backend);
      basicLstmWithOneMatrix(backend);
    }
  }

  private static void basicRnn(Backend backend) {
    Cell cell = new RnnCell(2, 3, Activation.RELU, true);
    Parameters parameters = new Parameters(cell.parameters(""));
    StoredCell stored =
        StoredCell.ofJoined(kernel(5, 3), 2, List.of(Matrix.of(1, 3, 0.1f, 0, -0.1f)));
    Dialect.TF1.load(stored, cell, parameters, "", "");

    Tape tape = Tape.inference(backend, parameters);
    Var x = tape.constant(Matrix.of(1, 2, 1, -1));
    Var h = tape.constant(Matrix.of(1, 3, 0.1f, 0.2f, 0.3f));
    Step step = cell.step(x, List.of(h), cell.weights(tape, ""));
    Show.matrix("BasicRNNCell output", step.output().value());
  }

  private static void basicLstmWithTuple(Backend backend) {
    LstmVariant variant =
        LstmVariant.TF1
            .withForgetBias(2)
            .withActivations(Activation.SIGMOID, Activation.SOFTSIGN, Activation.SOFTSIGN);
    Cell cell = new LstmVariantCell(2, 3, variant);
    Parameters parameters = new Parameters(cell.parameters(""));
    StoredCell stored = StoredCell.ofJoined(kernel(5, 12), 2, List.of(Matrix.zeros(1, 12)));
    Dialect.TF1.load(stored, cell, parameters, "", "");

    Tape tape = Tape.inference(backend, parameters);
    Var x = tape.constant(Matrix.of(1, 2, 1, -1));
    Var h = tape.constant(Matrix.of(1, 3, 0.1f, 0.2f, 0.3f));
    Var c = tape.constant(Matrix.of(1, 3, 0.4f, 0.5f, 0.6f));
    Step step = cell.step(x, List.of(h, c), cell.weights(tape, "")); // TF1: LSTMStateTuple(c, h)
    Show.matrix("BasicLSTMCell c", step.state().get(1).value());
    Show.matrix("BasicLSTMCell h", step.state().get(0).value());
  }

  /** The numbers of TF1's own test of this cell: two layers, every weight 0.5, every bias 0. */
  private static void basicLstmWithOneMatrix(Backend backend) {
    Cell cell =
        new StackedCells(
            List.of(
                new LstmVariantCell(2, 2, LstmVariant.TF1),
                new LstmVariantCell(2, 2, LstmVariant.TF1)));
    Parameters parameters = new Parameters(cell.parameters(""));
    for (String name :
        List.of("weight_ih_cell0", "weight_hh_cell0", "weight_ih_cell1", "weight_hh_cell1")) {
      parameters.get(name).value().fill(0.5f);
    }

    Tape tape = Tape.inference(backend, parameters);
    Var x = tape.constant(Matrix.of(1, 2, 1, 1));
    Matrix state = Matrix.zeros(1, 8);
    state.fill(0.1f);
    List<Var> parts = ConcatenatedState.split(cell, tape.constant(state));
    Step step = cell.step(x, parts, cell.weights(tape, ""));
    Show.matrix("2 x BasicLSTMCell output", step.output().value());
    Show.matrix("2 x BasicLSTMCell state", ConcatenatedState.join(cell, step.state()).value());
  }

  private static Matrix kernel(int rows, int cols) {
    Matrix kernel = Matrix.zeros(rows, cols);
    Initializer.uniform(0.5f).fill(kernel, RandomKey.of(1));
    return kernel;
  }
}
