package dev.sluice.bench.dl4j;

import dev.sluice.cli.bench.LstmShape;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sluice's weights in DL4J's layout: gates in the order g f o i, one bias, numbers after letters: {@code 0_RW}. */
final class Weights {
  /** Where DL4J's gates g f o i are among i f g o. */
  private static final int[] GATES = {2, 1, 3, 0};

  private Weights() {}

  /** The layers of {@code lstm} are the network's from {@code first} on. */
  static void copyLstm(Parameters from, LstmShape lstm, MultiLayerNetwork to, int first) {
    for (int layer = 0; layer < lstm.depth(); layer++) {
      for (int direction = 0; direction < lstm.directions(); direction++) {
        String suffix = "_l" + layer + (direction == 0 ? "" : "_reverse");
        UnaryOperator<String> name = part -> "lstm." + part + suffix;
        String prefix = first + layer + "_";
        if (lstm.bidirectional()) {
          prefix += direction == 0 ? "f" : "b";
        }
        Matrix bias = from.get(name.apply("bias_ih")).value().copy();
        Matrix second = from.get(name.apply("bias_hh")).value();
        for (int i = 0; i < bias.cols; i++) {
          bias.set(0, i, bias.get(0, i) + second.get(0, i));
        }
        to.setParam(prefix + "W", gates(from.get(name.apply("weight_ih")).value()));
        to.setParam(prefix + "RW", gates(from.get(name.apply("weight_hh")).value()));
        to.setParam(prefix + "b", gates(bias));
      }
    }
  }

  static void copyDense(Parameters from, MultiLayerNetwork to, int layer) {
    to.setParam(layer + "_W", array(from.get("dense.weight").value()));
    to.setParam(layer + "_b", array(from.get("dense.bias").value()));
  }

  private static INDArray gates(Matrix m) {
    int units = m.cols / 4;
    Matrix reordered = Matrix.zeros(m.rows, m.cols);
    for (int gate = 0; gate < 4; gate++) {
      reordered
          .columnRange(gate * units, (gate + 1) * units)
          .copyFrom(m.columnRange(GATES[gate] * units, (GATES[gate] + 1) * units));
    }
    return array(reordered);
  }

  static INDArray array(Matrix m) {
    return Nd4j.create(m.toArray(), new long[] {m.rows, m.cols}, 'c');
  }

  /** DL4J's (batch, features, steps) of time-major rows. */
  static INDArray sequences(Matrix rows, int steps, int batch) {
    return Nd4j.create(rows.toArray(), new long[] {steps, batch, rows.cols}, 'c')
        .permute(1, 2, 0)
        .dup();
  }
}
