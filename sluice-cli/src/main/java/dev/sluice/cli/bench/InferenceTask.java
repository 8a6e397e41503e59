package dev.sluice.cli.bench;

import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;

/** Sluice's run of an {@link InferenceWorkload}: the layers on an inference tape. */
final class InferenceTask implements Task {
  private final Backend backend;
  private final Tape tape;
  private final Recurrent recurrent;
  private final Packing packing;
  private final Matrix input;
  private Matrix output = Matrix.zeros(0, 0);

  InferenceTask(InferenceWorkload workload, Backend backend) {
    this.backend = backend;
    tape = Tape.inference(backend, workload.parameters());
    recurrent = workload.lstm().recurrent(0);
    packing = Packing.uniform(workload.batch(), workload.steps());
    input = workload.input();
  }

  @Override
  public void run() {
    tape.reset(RandomKey.of(0));
    PackedSequence x = new PackedSequence(packing, tape.constant(input));
    output = recurrent.forward(x).output().data().value();
  }

  @Override
  public float[] result() {
    return output.toArray();
  }

  @Override
  public void close() {
    backend.close();
  }
}
