package dev.sluice.cell;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * A cell over a batch of random sequences from a random state, for {@link CellContract}. Input and
 * initial state are parameters too, so that what is checked of weights is checked of them.
 */
record CellTrial(Cell cell, Packing packing, Direction direction) {
  static final String INPUT = "the input";
  private static final String STATE = "the initial state, part ";

  /** Weights by the cell's initialisers, input and initial state uniform in ±1. */
  Parameters initialized() {
    List<ParameterSpec> specs = new ArrayList<>(cell.parameters(""));
    Initializer uniform = Initializer.uniform(1);
    specs.add(ParameterSpec.table(INPUT, packing.rows(), cell.inputSize(), uniform));
    for (int i = 0; i < cell.stateSizes().size(); i++) {
      specs.add(ParameterSpec.table(STATE + i, packing.batch(), cell.stateSizes().get(i), uniform));
    }
    Parameters parameters = new Parameters(specs);
    parameters.initialize(RandomKey.of(1));
    return parameters;
  }

  /** The same weights, with the input and the initial state of sequence {@code b} alone. */
  Parameters parametersOfSequence(int b, Parameters together) {
    CellTrial alone = new CellTrial(cell, Packing.of(packing.length(b)), direction);
    Parameters parameters = alone.initialized();
    for (Parameter p : parameters.all()) {
      Matrix all = together.get(p.name()).value();
      Matrix ofSequence =
          p.name().equals(INPUT)
              ? steps(b, all)
              : p.name().startsWith(STATE) ? all.rowRange(b, b + 1) : all;
      p.value().copyFrom(ofSequence);
    }
    parameters.changed();
    return parameters;
  }

  /** The rows of sequence {@code b} in a packed matrix. */
  Matrix steps(int b, Matrix packed) {
    Matrix steps = Matrix.zeros(packing.length(b), packed.cols);
    for (int t = 0; t < steps.rows; t++) {
      int row = packing.offset(t) + b;
      steps.rowRange(t, t + 1).copyFrom(packed.rowRange(row, row + 1));
    }
    return steps;
  }

  Scan formula(Tape tape) {
    return FormulaScan.scan(cell, x(tape), direction, initial(tape), weights(tape));
  }

  PackedSequence x(Tape tape) {
    return new PackedSequence(packing, tape.weight(INPUT));
  }

  List<Var> initial(Tape tape) {
    List<Var> initial = new ArrayList<>();
    for (int i = 0; i < cell.stateSizes().size(); i++) {
      initial.add(tape.weight(STATE + i));
    }
    return initial;
  }

  List<Var> weights(Tape tape) {
    return cell.weights(tape, "");
  }

  /** The output and the final states. */
  static List<Var> results(Scan scan) {
    List<Var> results = new ArrayList<>(scan.state());
    results.addFirst(scan.output().data());
    return results;
  }

  /** Σ results ⊙ random weights. Only its gradient is of use: the sum itself is {@link #value}. */
  Var loss(Scan scan) {
    Tape tape = scan.output().data().tape();
    List<Var> results = results(scan);
    Var loss = tape.result(tape.zeros(1, 1), results.toArray(Var[]::new));
    tape.record(
        () -> {
          for (int i = 0; i < results.size(); i++) {
            results.get(i).receive(lossWeights(i, results.get(i)));
          }
        },
        loss);
    return loss;
  }

  /** The loss, summed in double precision. */
  double value(Scan scan) {
    double sum = 0;
    List<Var> results = results(scan);
    for (int i = 0; i < results.size(); i++) {
      float[] values = results.get(i).value().toArray();
      float[] weights = lossWeights(i, results.get(i)).toArray();
      for (int k = 0; k < values.length; k++) {
        sum += (double) values[k] * weights[k];
      }
    }
    return sum;
  }

  private static Matrix lossWeights(int i, Var result) {
    Matrix weights = Matrix.zeros(result.rows(), result.cols());
    Initializer.uniform(1).fill(weights, RandomKey.of(i));
    return weights;
  }
}
