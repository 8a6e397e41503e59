package dev.sluice.bench.dl4j;

import dev.sluice.cli.bench.LstmShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.nd4j.linalg.activations.Activation;

/** Configurations of layers. */
final class Layers {
  private Layers() {}

  static void add(LstmShape lstm, ListBuilder list) {
    for (int layer = 0; layer < lstm.depth(); layer++) {
      LSTM cell = lstm(lstm, layer).build();
      list.layer(lstm.bidirectional() ? new Bidirectional(Bidirectional.Mode.CONCAT, cell) : cell);
    }
  }

  static LSTM.Builder lstm(LstmShape lstm, int layer) {
    return new LSTM.Builder()
        .nIn(lstm.inputs(layer))
        .nOut(lstm.hidden())
        .activation(Activation.TANH)
        .gateActivationFunction(Activation.SIGMOID);
  }
}
