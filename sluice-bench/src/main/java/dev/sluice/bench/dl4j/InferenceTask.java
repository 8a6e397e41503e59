package dev.sluice.bench.dl4j;

import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.Task;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whole sequences through {@link MultiLayerNetwork#output}. */
final class InferenceTask implements Task {
  private final MultiLayerNetwork network;
  private final INDArray input;
  private INDArray output = Nd4j.empty();

  InferenceTask(InferenceWorkload workload) {
    NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list();
    Layers.add(workload.lstm(), list);
    network = new MultiLayerNetwork(list.build());
    network.init();
    Weights.copyLstm(workload.parameters(), workload.lstm(), network, 0);
    input = Weights.sequences(workload.input(), workload.steps(), workload.batch());
  }

  @Override
  public void run() {
    output = network.output(input);
  }

  @Override
  public float[] result() {
    return output.permute(2, 0, 1).dup('c').data().asFloat();
  }

  @Override
  public void close() {
    network.close();
  }
}
