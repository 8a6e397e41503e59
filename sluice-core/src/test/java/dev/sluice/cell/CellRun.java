package dev.sluice.cell;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What running a cell over sequences gives, forward and backward, as named matrices: the currency in
 * which kernels are held against formulas, providers against each other, batches against single
 * sequences.
 */
record CellRun(Cell cell, Packing packing, Direction direction) {
  private static final Initializer VALUES = Initializer.uniform(1);

  /** Outputs, final states, and the gradients of inputs, initial states and weights. */
  Map<String, Matrix> run(Backend backend, boolean fused) {
    return run(backend, fused, initialized());
  }

  /** Runs each sequence of the batch on its own and compares outputs and states. */
  void assertSequencesAloneEqual(Backend backend) {
    boolean fused = cell.kernel().isPresent();
    Parameters together = initialized();
    Map<String, Matrix> expected = values(scan(Tape.inference(backend, together), fused));
    for (int i = 0; i < packing.batch(); i++) {
      int b = i;
      CellRun alone = new CellRun(cell, Packing.of(packing.length(b)), direction);
      Parameters parameters = new Parameters(alone.specs());
      for (Parameter p : parameters.all()) {
        p.value().copyFrom(ofSequence(b, p.name(), together.get(p.name()).value()));
      }
      values(alone.scan(Tape.inference(backend, parameters), fused))
          .forEach(
              (name, m) ->
                  assertSameBits(name, m, ofSequence(b, name, requireNonNull(expected.get(name)))));
    }
  }

  /** The rows that belong to sequence b: its steps, its state, or for weights everything. */
  private Matrix ofSequence(int b, String name, Matrix m) {
    if (name.equals("x") || name.equals("output")) {
      Matrix steps = Matrix.zeros(packing.length(b), m.cols);
      for (int t = 0; t < steps.rows; t++) {
        int row = packing.offset(t) + b;
        steps.rowRange(t, t + 1).copyFrom(m.rowRange(row, row + 1));
      }
      return steps;
    }
    return name.contains("state") || name.contains("initial") ? m.rowRange(b, b + 1) : m;
  }

  private Parameters initialized() {
    Parameters parameters = new Parameters(specs());
    parameters.initialize(RandomKey.of(packing.rows()));
    return parameters;
  }

  private Map<String, Matrix> run(Backend backend, boolean fused, Parameters parameters) {
    Tape tape = Tape.training(backend, parameters);
    tape.reset(RandomKey.of(0));
    Scan scan = scan(tape, fused);
    Map<String, Matrix> results = values(scan);
    Var loss = sumOfProducts(scan.output().data(), 1);
    for (int i = 0; i < scan.state().size(); i++) {
      loss = loss.add(sumOfProducts(scan.state().get(i), 2 + i));
    }
    parameters.zeroGradients();
    tape.backward(loss);
    for (Parameter p : parameters.all()) {
      results.put("gradient of " + p.name(), p.gradient().copy());
    }
    return results;
  }

  /** The gradient of x, of a loss in which only the final h has a part. */
  Matrix inputGradientOfFinalState(Backend backend, boolean fused) {
    Parameters parameters = initialized();
    Tape tape = Tape.training(backend, parameters);
    parameters.zeroGradients();
    tape.backward(sumOfProducts(scan(tape, fused).state().getFirst(), 1));
    return parameters.get("x").gradient();
  }

  private static Map<String, Matrix> values(Scan scan) {
    Map<String, Matrix> results = new LinkedHashMap<>();
    results.put("output", scan.output().data().value().copy());
    for (int i = 0; i < scan.state().size(); i++) {
      results.put("state " + i, scan.state().get(i).value().copy());
    }
    return results;
  }

  /** Equal bit for bit; zeros of either sign are equal. */
  static void assertSameBits(Map<String, Matrix> actual, Map<String, Matrix> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, m) -> assertSameBits(name, m, requireNonNull(expected.get(name))));
  }

  static void assertSameBits(String name, Matrix actual, Matrix expected) {
    Matrix.requireShape(name, actual, expected.rows, expected.cols);
    for (int r = 0; r < actual.rows; r++) {
      for (int c = 0; c < actual.cols; c++) {
        if (actual.get(r, c) != expected.get(r, c)) {
          assertThat(actual.get(r, c)).as("%s (%d, %d)", name, r, c).isEqualTo(expected.get(r, c));
        }
      }
    }
  }

  private Scan scan(Tape tape, boolean fused) {
    List<Var> weights = cell.parameters("").stream().map(p -> tape.weight(p.name())).toList();
    List<Var> initial = new ArrayList<>();
    for (int i = 0; i < cell.stateSizes().size(); i++) {
      initial.add(tape.weight("initial " + i));
    }
    PackedSequence x = new PackedSequence(packing, tape.weight("x"));
    return fused
        ? cell.kernel().orElseThrow().scan(x, direction, initial, weights)
        : FormulaScan.scan(cell, x, direction, initial, weights);
  }

  private List<ParameterSpec> specs() {
    List<ParameterSpec> specs = new ArrayList<>(cell.parameters(""));
    specs.add(ParameterSpec.table("x", packing.rows(), cell.inputSize(), VALUES));
    for (int i = 0; i < cell.stateSizes().size(); i++) {
      specs.add(
          ParameterSpec.table("initial " + i, packing.batch(), cell.stateSizes().get(i), VALUES));
    }
    return specs;
  }

  /** Σ v ⊙ random weights, as one entry of the tape. */
  private static Var sumOfProducts(Var v, int seed) {
    Tape tape = v.tape();
    Matrix weights = tape.allocate(v.rows(), v.cols());
    VALUES.fill(weights, RandomKey.of(seed));
    Var result = tape.result(tape.zeros(1, 1), v);
    tape.record(() -> v.gradient().copyFrom(weights), result);
    return result;
  }
}
