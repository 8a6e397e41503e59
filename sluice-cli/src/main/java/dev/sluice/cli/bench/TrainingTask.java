package dev.sluice.cli.bench;

import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.loss.SquaredError;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Adam;
import dev.sluice.train.GradientClipping;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Sgd;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Sluice's run of a {@link TrainingWorkload}: the layers, losses and optimizers that users train with. */
final class TrainingTask implements Task {
  private final TrainingWorkload workload;
  private final Backend backend;
  private final Parameters parameters;
  private final Tape tape;
  private final Optimizer optimizer;
  private final Optional<Embedding> embedding;
  private final Recurrent recurrent;
  private final Dense dense;
  private final Packing packing;
  private final List<TrainingWorkload.Batch> batches;
  private int step;
  private float loss;

  TrainingTask(TrainingWorkload workload, Backend backend) {
    this.workload = workload;
    this.backend = backend;
    parameters = workload.parameters();
    tape = Tape.training(backend, parameters);
    optimizer =
        switch (workload.rule()) {
          case SGD -> new Sgd();
          case ADAM -> new Adam();
        };
    embedding = workload.embedding();
    recurrent = workload.lstm().recurrent(workload.dropout());
    dense = workload.dense();
    packing = Packing.uniform(workload.batch(), workload.steps());
    batches = IntStream.range(0, workload.batches()).mapToObj(workload::batch).toList();
  }

  @Override
  public void run() {
    tape.reset(RandomKey.of(step));
    Var sum = loss(batches.get(step % batches.size()));
    tape.backward(sum);
    if (workload.clip() < Float.POSITIVE_INFINITY) {
      GradientClipping.byNorm(backend, parameters, workload.clip());
    }
    optimizer.step(backend, parameters, workload.learningRate());
    loss = sum.value().get(0, 0);
    step++;
  }

  private Var loss(TrainingWorkload.Batch batch) {
    Var x =
        embedding
            .map(e -> e.forward(tape, batch.words()).dropout(workload.dropout()))
            .orElseGet(() -> tape.constant(batch.numbers()));
    Recurrent.Result result = recurrent.forward(new PackedSequence(packing, x));
    Var outputs = result.output().data();
    Var last = result.state().cells().getLast().getFirst(); // h after the last step
    return switch (workload.goal()) {
      case WORDS ->
          CrossEntropy.meanInPlace(
              dense.forward(outputs.dropout(workload.dropout())), batch.classes());
      case CLASS -> CrossEntropy.mean(dense.forward(last), batch.classes());
      case NUMBER -> SquaredError.mean(dense.forward(last), batch.targets());
    };
  }

  @Override
  public float[] result() {
    return new float[] {loss};
  }

  @Override
  public void close() {
    backend.close();
  }
}
