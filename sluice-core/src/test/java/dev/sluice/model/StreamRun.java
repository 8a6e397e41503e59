package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmCell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A network and an input sequence, run whole or step by step. */
record StreamRun(Recurrent recurrent, List<Dense> heads) {
  private static final int STEPS = 9;

  /** Layers over {@code cells}, with a dense head for each of {@code heads}. */
  static StreamRun of(List<Cell> cells, int... heads) {
    Recurrent recurrent = new Recurrent("rnn", cells, false, 0);
    List<Dense> dense = new ArrayList<>();
    for (int size : heads) {
      dense.add(new Dense("head" + dense.size(), recurrent.outputSize(), size));
    }
    return new StreamRun(recurrent, dense);
  }

  /** LSTM layers: the input size, then the units of each. */
  static List<Cell> lstm(int... sizes) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      cells.add(new LstmCell(sizes[i - 1], sizes[i]));
    }
    return cells;
  }

  Parameters parameters() {
    List<ParameterSpec> specs =
        Stream.concat(Stream.of(recurrent), heads.stream())
            .flatMap((Layer layer) -> layer.parameters().stream())
            .toList();
    Parameters parameters = new Parameters(specs);
    parameters.initialize(RandomKey.of(1));
    return parameters;
  }

  StreamingModel model(Backend backend, Precision precision) {
    return new StreamingModel(backend, parameters(), recurrent, heads, precision);
  }

  /** (T, inputs), different for each {@code stream}. */
  Matrix input(int stream) {
    Matrix x = Matrix.zeros(STEPS, recurrent.cells().getFirst().inputSize());
    Initializer.uniform(2).fill(x, RandomKey.of(100 + stream));
    return x;
  }

  /** The outputs of all steps, (T, outputs), by the layers that train. */
  Matrix whole(Backend backend, Parameters parameters, Matrix x) {
    Tape tape = Tape.inference(backend, parameters);
    Packing packing = Packing.of(x.rows);
    Var top = recurrent.forward(new PackedSequence(packing, tape.constant(x))).output().data();
    if (heads.isEmpty()) {
      return top.value().copy();
    }
    return Var.concat(heads.stream().map(head -> head.forward(top)).toArray(Var[]::new))
        .value()
        .copy();
  }

  /** The outputs of a session's next steps, (T, outputs). */
  static Matrix stream(Session session, Matrix x, int outputs) {
    Matrix y = Matrix.zeros(x.rows, outputs);
    for (int t = 0; t < x.rows; t++) {
      session.step(x.data, x.at(t), y.data, y.at(t));
    }
    return y;
  }

  /** Equal bit for bit, zeros of either sign apart. */
  static void assertSameBits(Matrix actual, Matrix expected) {
    Matrix.requireShape("actual", actual, expected.rows, expected.cols);
    for (int r = 0; r < actual.rows; r++) {
      for (int c = 0; c < actual.cols; c++) {
        if (actual.get(r, c) != expected.get(r, c)) {
          assertThat(actual.get(r, c)).as("(%d, %d)", r, c).isEqualTo(expected.get(r, c));
        }
      }
    }
  }

  @Override
  public String toString() {
    return recurrent.cells().stream().map(c -> c.inputSize() + " " + c).toList()
        + " "
        + heads.stream().map(Dense::out).toList();
  }
}
