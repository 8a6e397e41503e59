package dev.sluice.bench.libtorch;

import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.parameter.Parameters;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Training with libtorch's layers, losses, clipping and optimizers. */
final class TrainingTask implements Task {
  /** Input (T, B) or (T, B, inputs); targets (T·B), (B) or (B, outputs). */
  private record Batch(Tensor input, Tensor target) {}

  private final PointerScope memory = new PointerScope(); // owns what is made outside of a run
  private final TrainingWorkload workload;
  private final LstmShape lstm;
  private final TensorVector embedding; // the table, or nothing
  private final TensorVector lstmWeights;
  private final TensorVector dense;
  private final TensorVector all;
  private final TensorVector state;
  private final Optimizer optimizer;
  private final List<Batch> batches;
  private int step;
  private float loss;

  TrainingTask(TrainingWorkload workload) {
    this.workload = workload;
    lstm = workload.lstm();
    Parameters parameters = workload.parameters();
    embedding = learned(parameters, "embedding.");
    lstmWeights = learned(parameters, "lstm.");
    dense = learned(parameters, "dense.");
    all = new TensorVector();
    List.of(embedding, lstmWeights, dense)
        .forEach(part -> List.of(part.get()).forEach(all::push_back));
    Tensor zeros = torch.zeros(lstm.depth(), workload.batch(), lstm.hidden());
    state = new TensorVector(zeros, zeros);
    optimizer =
        switch (workload.rule()) {
          case SGD -> new SGD(all, new SGDOptions(workload.learningRate()));
          case ADAM -> new Adam(all, new AdamOptions(workload.learningRate()));
        };
    batches =
        IntStream.range(0, workload.batches()).mapToObj(i -> batch(workload.batch(i))).toList();
  }

  private static TensorVector learned(Parameters parameters, String prefix) {
    TensorVector tensors = Tensors.of(parameters, prefix);
    for (Tensor tensor : tensors.get()) {
      tensor.set_requires_grad(true);
    }
    return tensors;
  }

  private Batch batch(TrainingWorkload.Batch numbers) {
    int steps = workload.steps();
    int size = workload.batch();
    return new Batch(
        workload.vocabulary() == 0
            ? Tensors.of(numbers.numbers(), steps, size, lstm.inputs())
            : classes(numbers.words()).view(steps, size),
        workload.goal() == TrainingWorkload.Goal.NUMBER
            ? Tensors.of(numbers.targets(), size, workload.outputs())
            : classes(numbers.classes()));
  }

  private static Tensor classes(int... numbers) {
    return Tensor.create(IntStream.of(numbers).asLongStream().toArray());
  }

  @Override
  public void run() {
    Context.setFlushDenormal(true); // for this thread, on which Java computes as well
    try (PointerScope _ = new PointerScope()) {
      Batch batch = batches.get(step++ % batches.size());
      optimizer.zero_grad();
      Tensor sum = loss(batch);
      sum.backward();
      if (workload.clip() < Float.POSITIVE_INFINITY) {
        torch.clip_grad_norm_(all, workload.clip());
      }
      optimizer.step();
      loss = sum.item_float();
    } finally {
      Context.setFlushDenormal(false);
    }
  }

  private Tensor loss(Batch batch) {
    Tensor x =
        embedding.empty() ? batch.input : dropout(torch.embedding(embedding.get(0), batch.input));
    T_TensorTensorTensor_T out =
        torch.lstm(
            x, state, lstmWeights, true, lstm.depth(), workload.dropout(), true, false, false);
    Tensor features =
        workload.goal() == TrainingWorkload.Goal.WORDS
            ? dropout(out.get0()).view(-1, lstm.hidden())
            : out.get1().select(0, -1); // h after the last step
    Tensor y = torch.linear(features, dense.get(0), dense.get(1));
    return workload.goal() == TrainingWorkload.Goal.NUMBER
        ? torch.mse_loss(y, batch.target)
        : torch.cross_entropy(y, batch.target);
  }

  private Tensor dropout(Tensor x) {
    return workload.dropout() == 0 ? x : torch.dropout(x, workload.dropout(), true);
  }

  @Override
  public float[] result() {
    return new float[] {loss};
  }

  @Override
  public void close() {
    memory.close();
  }
}
