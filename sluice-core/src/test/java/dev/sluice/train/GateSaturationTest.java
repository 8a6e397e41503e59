package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.GateSaturation.Gate;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Gates that biases have closed or opened, seen through the formulas of all cells that have gates.
 */
final class GateSaturationTest {
  private static final Backend SCALAR = new Backend(new ScalarKernels(), Workers.SINGLE);

  /** Layers over three sequences of different length. */
  private record Layers(Recurrent recurrent, Parameters parameters) implements Objective {
    Layers(Recurrent recurrent) {
      this(recurrent, Layer.parametersOf(recurrent));
    }

    Var run(Tape tape) {
      Packing packing = Packing.of(3, 1, 2);
      Matrix x = Matrix.zeros(packing.rows(), 2);
      x.fill(0.3f);
      return recurrent.forward(new PackedSequence(packing, tape.constant(x))).output().data();
    }

    @Override
    public void glance(Tape tape) {
      run(tape);
    }

    @Override
    public int beginEpoch(int epoch) {
      return 0;
    }

    @Override
    public int batchSize(int batch) {
      return 0;
    }

    @Override
    public Var loss(Tape tape, int batch) {
      throw new AssertionError("nothing is trained");
    }

    @Override
    public Score validate(Tape tape) {
      throw new AssertionError("nothing is judged");
    }
  }

  /**
   * Gates of 2 units, those of each gate with the biases given for it; all other weights are zero.
   */
  private static List<Gate> gates(Cell cell, String bias, float... perGate) {
    Layers layers = new Layers(new Recurrent("rnn", cell));
    Matrix b = layers.parameters.get("rnn." + bias + "_l0").value();
    for (int k = 0; k < b.cols; k++) {
      b.set(0, k, perGate[k / 2]);
    }
    layers.parameters.changed();
    return GateSaturation.measure(SCALAR, layers);
  }

  @Test
  void anLstm() {
    List<Gate> expected =
        List.of(
            new Gate("rnn.l0", "input", 0, 1),
            new Gate("rnn.l0", "forget", 1, 0),
            new Gate("rnn.l0", "output", 0, 0));
    assertThat(gates(new LstmCell(2, 2), "bias_ih", 5, -5, 5, 0)).isEqualTo(expected);
    assertThat(gates(new LstmVariantCell(2, 2, LstmVariant.PLAIN), "bias_ih", 5, -5, 5, 0))
        .isEqualTo(expected);
    assertThat(gates(new LayerNormLstmCell(2, 2, 0), "bias_ln", 5, -5, 5, 0)).isEqualTo(expected);
  }

  @Test
  void aGru() {
    List<Gate> expected =
        List.of(new Gate("rnn.l0", "reset", 0, 1), new Gate("rnn.l0", "update", 1, 0));
    for (boolean resetAfter : new boolean[] {true, false}) {
      assertThat(gates(new GruCell(2, 2, resetAfter, true), "bias_ih", 5, -5, 0))
          .isEqualTo(expected);
    }
  }

  @Test
  void anRnnHasNone() {
    assertThat(gates(new RnnCell(2, 2, Activation.TANH, true), "bias_ih", 5)).isEmpty();
  }

  @Test
  void theMarginIsOneTenthAndUnitsAreCountedOneByOne() {
    Layers layers = new Layers(new Recurrent("", new LstmCell(2, 4)));
    Matrix b = layers.parameters.get("bias_hh_l0").value();
    float[] input = {-2.2f, -2.19f, 2.19f, 2.2f}; // σ(2.1972) = 0.9
    for (int k = 0; k < input.length; k++) {
      b.set(0, k, input[k]);
    }
    layers.parameters.changed();
    assertThat(GateSaturation.measure(SCALAR, layers))
        .contains(new Gate("l0", "input", 0.25, 0.25));
  }

  @Test
  void everyLayerAndDirection() {
    Layers layers =
        new Layers(Recurrent.of("lstm", 2, 2, true, 0, inputs -> new LstmCell(inputs, 3)));
    assertThat(GateSaturation.measure(SCALAR, layers))
        .extracting(gate -> gate.layer() + " " + gate.gate())
        .startsWith("lstm.l0 input", "lstm.l0 forget", "lstm.l0 output", "lstm.l0_reverse input")
        .contains("lstm.l1 input", "lstm.l1_reverse output")
        .hasSize(12);
  }

  @Test
  void whoWatchesChangesNothing() {
    Layers layers =
        new Layers(Recurrent.of("lstm", 2, 2, true, 0, inputs -> new LstmCell(inputs, 3)));
    layers.parameters.initialize(RandomKey.of(7));
    float[] before = layers.parameters.values().clone();
    Var plain = layers.run(Tape.inference(SCALAR, layers.parameters));
    GateSaturation.measure(SCALAR, layers);
    assertThat(layers.parameters.values()).isEqualTo(before);
    assertThat(layers.run(Tape.inference(SCALAR, layers.parameters)).value().toArray())
        .isEqualTo(plain.value().toArray());
  }
}
