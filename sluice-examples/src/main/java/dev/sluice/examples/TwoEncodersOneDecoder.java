package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Sgd;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Two encoders, a local and a global one, whose states are put side by side layer by layer as the first state of a
 * decoder, and whose outputs are put side by side as its input; all of it learns together.
 *
 * <p>Replaces the TF1 program that fuses two encoder states by {@code tf.concat} into new {@code LSTMStateTuple}s, GRU or
 * RNN states, and lists its variables.
 */
public final class TwoEncodersOneDecoder {
  private static final int INPUTS = 3;
  private static final int LOCAL = 4;
  private static final int GLOBAL = 2;
  private static final Packing LENGTHS = Packing.of(2, 3);

  private TwoEncodersOneDecoder() {}

  /** Prints variables, the fused state and outputs, and the losses of three steps, for each kind of cell. */
  public static void main(String... args) {
    try (Backend backend = Backend.create(1)) {
      run(backend, "LSTM", LstmCell::new);
      run(backend, "GRU", GruCell::new);
      run(backend, "RNN", RnnCell::new);
    }
  }

  private static void run(Backend backend, String name, BiFunction<Integer, Integer, Cell> cell) {
    Recurrent local = layers("local", INPUTS, LOCAL, cell);
    Recurrent global = layers("global", INPUTS, GLOBAL, cell);
    Recurrent decoder = layers("decoder", LOCAL + GLOBAL, LOCAL + GLOBAL, cell);
    Dense classes = new Dense("classes", LOCAL + GLOBAL, 3);
    Parameters parameters = Layer.parametersOf(local, global, decoder, classes);
    parameters.initialize(RandomKey.of(1));
    System.out.println(name);
    System.out.print(parameters.describe());

    Tape tape = Tape.training(backend, parameters);
    for (int step = 0; step < 3; step++) {
      tape.reset(RandomKey.of(step));
      Recurrent.Result one = local.forward(sequences(tape, "local"));
      Recurrent.Result other = global.forward(sequences(tape, "global"));
      State state = one.state().concat(other.state());
      PackedSequence outputs = one.output().concat(other.output());
      if (step == 0) {
        for (List<Var> layer : state.cells()) {
          layer.forEach(part -> Show.matrix("fused state", part.value()));
        }
        Show.matrix("fused last outputs", outputs.last().value());
      }
      Var last = decoder.forward(outputs, state).output().last();
      Var loss = CrossEntropy.mean(classes.forward(last), 2, 0); // the class of each sequence
      tape.backward(loss);
      new Sgd().step(backend, parameters, 0.5f);
      Show.line("step %d, loss %.5f", step, loss.value().get(0, 0));
    }
  }

  private static Recurrent layers(
      String name, int inputs, int units, BiFunction<Integer, Integer, Cell> cell) {
    return Recurrent.of(name, inputs, 2, false, 0, in -> cell.apply(in, units));
  }

  private static PackedSequence sequences(Tape tape, String name) {
    Matrix x = Matrix.zeros(LENGTHS.rows(), INPUTS); // packed: the longer sequence comes first
    Initializer.uniform(1).fill(x, RandomKey.of(2).fold(name));
    return new PackedSequence(LENGTHS, tape.constant(x));
  }
}
