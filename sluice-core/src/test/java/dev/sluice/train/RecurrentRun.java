package dev.sluice.train;

import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import java.util.ArrayList;
import java.util.List;

/**
 * A few steps of training through the kernels that {@link TrainingRun} does not reach: those of
 * GRU, RNN and TF1's LSTM, on random sequences.
 */
final class RecurrentRun {
  private static final Packing PACKING = Packing.of(5, 17, 3, 9, 9, 12, 1, 8, 14, 6, 2, 11, 7, 10);

  private RecurrentRun() {}

  /** All weights in the end. */
  static float[] weights(Backend backend) {
    Recurrent recurrent =
        new Recurrent(
            "recurrent",
            List.of(
                new GruCell(5, 21),
                new RnnCell(5, 19),
                new RnnCell(40, 18, Activation.RELU, true),
                new LstmVariantCell(40, 23, LstmVariant.TF1)),
            true,
            0);
    List<ParameterSpec> specs = new ArrayList<>(recurrent.parameters());
    specs.add(ParameterSpec.table("x", PACKING.rows(), 5, Initializer.uniform(1)));
    Parameters parameters = new Parameters(specs);
    parameters.initialize(RandomKey.of(4));
    int[] targets = new int[PACKING.rows()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = i * 7 % recurrent.outputSize();
    }
    Tape tape = Tape.training(backend, parameters);
    Optimizer optimizer = new Adam();
    for (int step = 0; step < 3; step++) {
      tape.reset(RandomKey.of(step));
      PackedSequence x = new PackedSequence(PACKING, tape.weight("x"));
      tape.backward(CrossEntropy.mean(recurrent.forward(x).output().data(), targets));
      optimizer.step(backend, parameters, 1e-2f);
    }
    return parameters.values();
  }
}
