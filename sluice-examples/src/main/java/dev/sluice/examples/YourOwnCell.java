package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellContract;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.Step;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cell of your own, and that it is equal to the one of the library: 10 inputs, 20 units, every parameter 0.5, x, h and
 * c all 1.
 *
 * <p>Replaces the PyTorch module that holds {@code W_ii, W_hi, b_ii, b_hi, W_if, ...}, writes out the LSTM in {@code
 * forward}, and is compared with {@code nn.LSTM}.
 */
public final class YourOwnCell {
  private static final int INPUTS = 10;
  private static final int UNITS = 20;

  /** The LSTM as in PyTorch's documentation. Without a backward: gradients follow from the step. */
  record MyLstm(int inputSize, int hiddenSize) implements Cell {
    @Override
    public String name() {
      return "MyLSTM";
    }

    @Override
    public List<Integer> stateSizes() {
      return List.of(hiddenSize, hiddenSize); // h, c
    }

    @Override
    public List<ParameterSpec> parameters(String suffix) {
      Initializer uniform = Initializer.uniform((float) (1 / Math.sqrt(hiddenSize)));
      return Stream.of("i", "f", "g", "o")
          .flatMap(
              gate ->
                  Stream.of(
                      ParameterSpec.weight("W_i" + gate + suffix, inputSize, hiddenSize, uniform),
                      ParameterSpec.weight("W_h" + gate + suffix, hiddenSize, hiddenSize, uniform),
                      ParameterSpec.bias("b_i" + gate + suffix, hiddenSize, uniform),
                      ParameterSpec.bias("b_h" + gate + suffix, hiddenSize, uniform)))
          .toList();
    }

    @Override
    public Step step(Var x, List<Var> state, List<Var> weights) {
      Var h = state.get(0);
      Var c = state.get(1);
      Iterator<Var> w = weights.iterator();
      Var i = gate(x, h, w).sigmoid();
      Var f = gate(x, h, w).sigmoid();
      Var g = gate(x, h, w).tanh();
      Var o = gate(x, h, w).sigmoid();
      Var nextC = f.mul(c).add(i.mul(g));
      return Step.of(o.mul(nextC.tanh()), nextC);
    }

    private static Var gate(Var x, Var h, Iterator<Var> w) {
      Var wX = w.next();
      Var wH = w.next();
      return w.next().add(w.next()).addmm(x, wX).addmm(h, wH); // b_i + b_h + x·W_i + h·W_h
    }
  }

  private YourOwnCell() {}

  /** Checks the cell, then prints its output and state beside the library's. */
  public static void main(String... args) {
    CellContract.verify(new MyLstm(3, 4)); // trains, streams, runs ragged batches, both directions
    try (Backend backend = Backend.create(1)) {
      run(backend, new MyLstm(INPUTS, UNITS));
      run(backend, new LstmCell(INPUTS, UNITS));
    }
  }

  private static void run(Backend backend, Cell cell) {
    Recurrent layer = new Recurrent("lstm", cell);
    Parameters parameters = new Parameters(layer.parameters());
    for (Parameter p : parameters.all()) {
      p.value().fill(0.5f);
    }
    Tape tape = Tape.inference(backend, parameters);
    Var x = ones(tape, INPUTS);
    State state = State.of(ones(tape, UNITS), ones(tape, UNITS));
    Recurrent.Result result = layer.forward(new PackedSequence(Packing.of(1), x), state);
    Show.line("%s, %d numbers", cell.name(), parameters.count());
    show("output", result.output().data());
    show("h", result.state().cells().getFirst().get(0));
    show("c", result.state().cells().getFirst().get(1));
  }

  /** The different numbers of one row: all units are alike. */
  private static void show(String name, Var v) {
    List<String> numbers =
        IntStream.range(0, v.cols())
            .mapToObj(i -> String.format(Locale.ROOT, "%.9f", v.value().get(0, i)))
            .distinct()
            .toList();
    Show.line("%s (1, %d) %s", name, v.cols(), numbers);
  }

  private static Var ones(Tape tape, int size) {
    Matrix ones = Matrix.zeros(1, size);
    ones.fill(1);
    return tape.constant(ones);
  }
}
