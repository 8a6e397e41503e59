package dev.sluice.bench.dl4j;

import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.TrainingWorkload.Goal;
import dev.sluice.parameter.Parameters;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Training with {@link MultiLayerNetwork#fit}: one layer whose last output is classified or is a forecast. */
final class TrainingTask implements Task {
  private final MultiLayerNetwork network;
  private final List<DataSet> batches;
  private int step;

  TrainingTask(TrainingWorkload workload) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().updater(new Adam(workload.learningRate())).list();
    int first = workload.vocabulary() == 0 ? 0 : 1;
    if (first == 1) {
      list.layer(
          new EmbeddingSequenceLayer.Builder()
              .nIn(workload.vocabulary())
              .nOut(workload.lstm().inputs())
              .inputLength(workload.steps())
              .build());
    }
    // Its one bias stands for two that learn alike.
    list.layer(
        new LastTimeStep(
            Layers.lstm(workload.lstm(), 0)
                .biasUpdater(new Adam(2 * workload.learningRate()))
                .build()));
    boolean classes = workload.goal() == Goal.CLASS;
    list.layer(
        new OutputLayer.Builder(classes ? LossFunction.MCXENT : LossFunction.MSE)
            .activation(classes ? Activation.SOFTMAX : Activation.IDENTITY)
            .nIn(workload.lstm().outputs())
            .nOut(workload.outputs())
            .build());
    network = new MultiLayerNetwork(list.build());
    network.init();
    Parameters parameters = workload.parameters();
    if (first == 1) {
      network.setParam("0_W", Weights.array(parameters.get("embedding.weight").value()));
    }
    Weights.copyLstm(parameters, workload.lstm(), network, first);
    Weights.copyDense(parameters, network, first + 1);
    batches =
        IntStream.range(0, workload.batches())
            .mapToObj(i -> batch(workload, workload.batch(i)))
            .toList();
  }

  private static DataSet batch(TrainingWorkload workload, TrainingWorkload.Batch batch) {
    INDArray x =
        workload.vocabulary() == 0
            ? Weights.sequences(batch.numbers(), workload.steps(), workload.batch())
            : words(batch.words(), workload.steps(), workload.batch());
    INDArray y =
        workload.goal() == Goal.CLASS
            ? oneHot(workload.outputs(), batch.classes())
            : Weights.array(batch.targets());
    return new DataSet(x, y);
  }

  private static INDArray words(int[] words, int steps, int batch) {
    float[] numbers = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = words[i];
    }
    return Nd4j.create(numbers, new long[] {steps, batch}, 'c').permute(1, 0).dup();
  }

  private static INDArray oneHot(int count, int... classes) {
    INDArray y = Nd4j.zeros(classes.length, count);
    for (int i = 0; i < classes.length; i++) {
      y.putScalar(i, classes[i], 1);
    }
    return y;
  }

  @Override
  public void run() {
    network.fit(batches.get(step++ % batches.size()));
  }

  @Override
  public float[] result() {
    return new float[] {(float) network.score()};
  }

  @Override
  public void close() {
    network.close();
  }
}
