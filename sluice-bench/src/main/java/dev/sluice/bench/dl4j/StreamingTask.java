package dev.sluice.bench.dl4j;

import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.matrix.Matrix;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A stream through {@link MultiLayerNetwork#rnnTimeStep}. */
final class StreamingTask implements Task {
  private final MultiLayerNetwork network;
  private final Matrix inputs;
  private final INDArray x;
  private float[] y = {};
  private int step;

  StreamingTask(StreamingWorkload workload) {
    NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list();
    Layers.add(workload.lstm(), list);
    if (workload.outputs() > 0) {
      list.layer(
          new RnnOutputLayer.Builder(LossFunction.MSE)
              .activation(Activation.IDENTITY)
              .nIn(workload.lstm().outputs())
              .nOut(workload.outputs())
              .build());
    }
    network = new MultiLayerNetwork(list.build());
    network.init();
    Weights.copyLstm(workload.parameters(), workload.lstm(), network, 0);
    if (workload.outputs() > 0) {
      Weights.copyDense(workload.parameters(), network, workload.lstm().depth());
    }
    inputs = workload.input();
    x = Nd4j.create(1, inputs.cols);
  }

  @Override
  public void run() {
    int row = step++ % inputs.rows;
    x.data().setData(inputs.rowRange(row, row + 1).toArray());
    y = network.rnnTimeStep(x).data().asFloat();
  }

  @Override
  public float[] result() {
    return y.clone();
  }

  @Override
  public void close() {
    network.close();
  }
}
