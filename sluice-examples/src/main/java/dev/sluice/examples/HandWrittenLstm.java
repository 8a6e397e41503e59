package dev.sluice.examples;

import dev.sluice.cell.LstmCell;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
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
import dev.sluice.train.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An LSTM written by hand, learning: each gate (input, forget, memory, output) has its own weights for x and for
 * h and its own bias, and a loop walks over time. Beside it the fused layer with the same weights.
 *
 * <p>Replaces the TF1 program that has {@code ix, im, ib, fx, fm, fb, cx, cm, cb, ox, om, ob} and an {@code
 * lstm_cell(i, o, state)}, known from courses on deep learning.
 */
public final class HandWrittenLstm {
  private static final int STEPS = 3;
  private static final int BATCH = 2;
  private static final int INPUTS = 3;
  private static final int UNITS = 4;
  private static final List<String> GATES = List.of("input", "forget", "memory", "output");

  private HandWrittenLstm() {}

  /** Learns by hand, then prints the outputs by hand and of the fused layer. */
  public static void main(String... args) {
    Matrix x = Matrix.zeros(STEPS * BATCH, INPUTS); // time-major
    Initializer.uniform(1).fill(x, RandomKey.of(2));
    Parameters parameters = new Parameters(GATES.stream().flatMap(HandWrittenLstm::gate).toList());
    parameters.initialize(RandomKey.of(1));

    try (Backend backend = Backend.create(1)) {
      Tape tape = Tape.training(backend, parameters);
      for (int step = 0; step < 3; step++) {
        tape.reset(RandomKey.of(step));
        Var last = byHand(tape, x).rowRange((STEPS - 1) * BATCH, STEPS * BATCH);
        Var loss = CrossEntropy.mean(last, 3, 0); // the class of each sequence
        tape.backward(loss);
        new Sgd().step(backend, parameters, 0.5f);
        Show.line("step %d, loss %.5f", step, loss.value().get(0, 0));
      }
      tape.reset(RandomKey.of(0));
      Show.sequences("outputs by hand", STEPS, BATCH, byHand(tape, x).value());

      Recurrent lstm = new Recurrent("lstm", new LstmCell(INPUTS, UNITS));
      Parameters fused = new Parameters(lstm.parameters());
      fused.get("lstm.weight_ih_l0").value().copyFrom(sideBySide(parameters, "x"));
      fused.get("lstm.weight_hh_l0").value().copyFrom(sideBySide(parameters, "h"));
      fused.get("lstm.bias_ih_l0").value().copyFrom(sideBySide(parameters, "bias"));
      Var input = Tape.inference(backend, fused).constant(x);
      PackedSequence sequences = new PackedSequence(Packing.uniform(BATCH, STEPS), input);
      Var outputs = lstm.forward(sequences).output().data();
      Show.sequences("outputs of the fused layer", STEPS, BATCH, outputs.value());
    }
  }

  /** The outputs of all steps, (T·B, H). */
  private static Var byHand(Tape tape, Matrix x) {
    Var h = tape.constant(Matrix.zeros(BATCH, UNITS));
    Var c = h;
    List<Var> outputs = new ArrayList<>();
    for (int t = 0; t < STEPS; t++) {
      Var xt = tape.constant(x.rowRange(t * BATCH, (t + 1) * BATCH));
      Var i = gate(tape, "input", xt, h).sigmoid();
      Var f = gate(tape, "forget", xt, h).sigmoid();
      Var o = gate(tape, "output", xt, h).sigmoid();
      c = f.mul(c).add(i.mul(gate(tape, "memory", xt, h).tanh()));
      h = o.mul(c.tanh());
      outputs.add(h);
    }
    return Var.stackRows(outputs);
  }

  private static Var gate(Tape tape, String gate, Var x, Var h) {
    Var bias = tape.weight(gate + ".bias");
    return bias.addmm(x, tape.weight(gate + ".x")).addmm(h, tape.weight(gate + ".h"));
  }

  private static Stream<ParameterSpec> gate(String gate) {
    Initializer uniform = Initializer.uniform(0.5f);
    return Stream.of(
        ParameterSpec.weight(gate + ".x", INPUTS, UNITS, uniform),
        ParameterSpec.weight(gate + ".h", UNITS, UNITS, uniform),
        ParameterSpec.bias(gate + ".bias", UNITS, uniform));
  }

  /** The gates in the order of Sluice and PyTorch: i f g o. */
  private static Matrix sideBySide(Parameters parameters, String part) {
    return StoredCell.sideBySide(
        GATES.stream()
            .map(gate -> parameters.get(gate + "." + part).value())
            .toArray(Matrix[]::new));
  }
}
