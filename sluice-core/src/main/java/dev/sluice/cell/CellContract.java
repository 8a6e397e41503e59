package dev.sluice.cell;

import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks a cell of your own: one call in a test says whether it will train, stream and go through
 * ragged batches.
 *
 * <pre>
 *   CellContract.verify(new MyCell(3, 4));
 * </pre>
 *
 * <p>Checked are names and shapes; that values and gradients are finite; that a sequence gives the same
 * bits step by step as in one go, and alone as in a batch; that a {@link Cell#kernel} gives what the formula
 * gives; and that gradients are derivatives, by {@link GradientProbe}. Weights are drawn by the cell's own
 * initialisers.
 */
public final class CellContract {
  static final Backend BACKEND = new Backend(new ScalarKernels(), Workers.SINGLE);
  private static final Packing RAGGED = Packing.of(4, 2, 5, 1);

  private final Cell cell;

  private CellContract(Cell cell) {
    this.cell = cell;
  }

  /**
   * Checks {@code cell}.
   *
   * @throws AssertionError when it breaks the contract of {@link Cell}, saying where
   */
  public static void verify(Cell cell) {
    CellContract contract = new CellContract(cell);
    contract.verifySizes();
    contract.verifyOneStep();
    for (Direction direction : Direction.values()) {
      CellTrial trial = new CellTrial(cell, RAGGED, direction);
      Parameters parameters = trial.initialized();
      contract.verifyFinite(trial, parameters);
      contract.verifyAlone(trial, parameters);
      contract.verifyKernel(trial, parameters);
      new GradientProbe(trial, parameters).verify();
    }
    contract.verifyStreaming();
  }

  private void verifySizes() {
    require(cell.inputSize() > 0, "inputSize() is %d; expected at least 1", cell.inputSize());
    List<Integer> sizes = cell.stateSizes();
    require(!sizes.isEmpty(), "stateSizes() is empty; a cell without a state is no recurrent cell");
    require(
        cell.stateNames().size() == sizes.size(),
        "stateNames() are %s, but there are %d parts of the state",
        cell.stateNames(),
        sizes.size());
    Set<String> names = new HashSet<>();
    for (ParameterSpec spec : cell.parameters("_l0")) {
      require(names.add(spec.name()), "two parameters are named %s", spec.name());
      require(
          spec.name().endsWith("_l0"),
          "parameters(\"_l0\") names one %s; every name must end with the suffix",
          spec.name());
    }
  }

  private void verifyOneStep() {
    int n = 3;
    CellTrial trial = new CellTrial(cell, Packing.uniform(n, 1), Direction.FORWARD);
    Tape tape = Tape.inference(BACKEND, trial.initialized());
    Step step =
        cell.begin(tape, n, trial.weights(tape))
            .step(tape.weight(CellTrial.INPUT), trial.initial(tape));
    requireShape("output", step.output(), n, cell.outputSize());
    require(
        step.state().size() == cell.stateSizes().size(),
        "a step gives %d parts of the state; stateSizes() says %d",
        step.state().size(),
        cell.stateSizes().size());
    for (int i = 0; i < step.state().size(); i++) {
      requireShape("part " + i + " of the state", step.state().get(i), n, cell.stateSizes().get(i));
    }
  }

  private void requireShape(String what, Var v, int rows, int cols) {
    require(
        v.rows() == rows && v.cols() == cols,
        "%s after a step of %d sequences: expected (%d, %d), got (%d, %d)",
        what,
        rows,
        rows,
        cols,
        v.rows(),
        v.cols());
  }

  private void verifyFinite(CellTrial trial, Parameters parameters) {
    Tape tape = Tape.training(BACKEND, parameters);
    parameters.zeroGradients();
    Scan scan = trial.formula(tape);
    tape.backward(trial.loss(scan));
    for (Var v : CellTrial.results(scan)) {
      for (float value : v.value().toArray()) {
        require(Float.isFinite(value), "a value of outputs or states is %s", value);
      }
    }
    parameters
        .all()
        .forEach(
            p -> {
              for (float value : p.gradient().toArray()) {
                require(Float.isFinite(value), "a gradient of %s is %s", p.name(), value);
              }
            });
  }

  /** A sequence has neighbours in a batch and none alone; it must not see them. */
  private void verifyAlone(CellTrial trial, Parameters together) {
    Scan expected = trial.formula(Tape.inference(BACKEND, together));
    for (int b = 0; b < RAGGED.batch(); b++) {
      CellTrial alone = new CellTrial(cell, Packing.of(RAGGED.length(b)), trial.direction());
      Scan scan = alone.formula(Tape.inference(BACKEND, trial.parametersOfSequence(b, together)));
      String what = "sequence " + b + " alone and in a batch, " + trial.direction() + ": ";
      Matrix ofSequence = trial.steps(b, expected.output().data().value());
      requireSame(what + "outputs", scan.output().data().value(), ofSequence);
      for (int i = 0; i < scan.state().size(); i++) {
        Matrix state = expected.state().get(i).value().rowRange(b, b + 1);
        requireSame(what + "part " + i + " of the state", scan.state().get(i).value(), state);
      }
    }
  }

  private void verifyKernel(CellTrial trial, Parameters parameters) {
    if (cell.kernel().isEmpty()) {
      return;
    }
    Tape tape = Tape.inference(BACKEND, parameters);
    Scan scan =
        cell.kernel()
            .get()
            .scan(trial.x(tape), trial.direction(), trial.initial(tape), trial.weights(tape));
    List<Var> expected = CellTrial.results(trial.formula(Tape.inference(BACKEND, parameters)));
    List<Var> actual = CellTrial.results(scan);
    for (int i = 0; i < expected.size(); i++) {
      requireSame("kernel and formula", actual.get(i).value(), expected.get(i).value());
    }
  }

  /** The whole sequence in one scan, and a scan for each step that starts where the last ended. */
  private void verifyStreaming() {
    int batch = 2;
    int steps = 4;
    CellTrial trial = new CellTrial(cell, Packing.uniform(batch, steps), Direction.FORWARD);
    Parameters parameters = trial.initialized();
    Scan whole = trial.formula(Tape.inference(BACKEND, parameters));
    Tape tape = Tape.inference(BACKEND, parameters);
    List<Var> state = trial.initial(tape);
    for (int t = 0; t < steps; t++) {
      Var x = tape.weight(CellTrial.INPUT).rowRange(t * batch, (t + 1) * batch);
      Step step = cell.begin(tape, batch, trial.weights(tape)).step(x, state);
      Matrix expected = whole.output().data().value().rowRange(t * batch, (t + 1) * batch);
      requireSame("step " + t + " streamed and in one go", step.output().value(), expected);
      state = new ArrayList<>(step.state());
    }
    for (int i = 0; i < state.size(); i++) {
      requireSame(
          "part " + i + " of the state streamed and in one go",
          state.get(i).value(),
          whole.state().get(i).value());
    }
  }

  private void requireSame(String what, Matrix actual, Matrix expected) {
    for (int r = 0; r < expected.rows; r++) {
      for (int c = 0; c < expected.cols; c++) {
        require(
            actual.get(r, c) == expected.get(r, c),
            "%s differ: %s and %s at (%d, %d)",
            what,
            actual.get(r, c),
            expected.get(r, c),
            r,
            c);
      }
    }
  }

  private void require(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new AssertionError(cell.name() + ": " + message.formatted(arguments));
    }
  }
}
