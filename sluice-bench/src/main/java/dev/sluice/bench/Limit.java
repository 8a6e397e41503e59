package dev.sluice.bench;

import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import dev.sluice.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * What the machine must do for a workload in float32, and nothing else: a run reads the weights that a single sequence
 * needs anew at every step, and does the multiply-adds of all other products from registers.
 *
 * <p>Multiply-adds of a training step are three times those of its forward pass: for the outputs, for the gradients of
 * the inputs, for the gradients of the weights. Gates, embeddings and optimizers count nothing.
 */
final class Limit implements Task {
  /** Weights read so many times in a row. */
  private record Reading(ReadKernel kernel, int times) {}

  /** Floats in a cache line: threads do not write to the same one. */
  private static final int LINE = 16;

  private final Workers workers;
  private final float[] sink; // takes every result, so that no work can be left out
  private final List<Reading> readings = new ArrayList<>();
  private long multiplyAdds;

  Limit(Workload workload, int threads) {
    workers = Workers.of(threads);
    sink = new float[threads * LINE];
    switch (workload) {
      case StreamingWorkload w -> {
        long lstm = inputWeights(w.lstm()) + w.lstm().depth() * recurrentWeights(w.lstm());
        read(lstm + (long) w.lstm().outputs() * w.outputs(), 1);
      }
      case InferenceWorkload w -> {
        long rows = (long) w.steps() * w.batch();
        int cells = w.lstm().depth() * w.lstm().directions();
        multiplyAdds = rows * inputWeights(w.lstm());
        if (w.batch() == 1) {
          for (int i = 0; i < cells; i++) {
            read(recurrentWeights(w.lstm()), w.steps());
          }
        } else {
          multiplyAdds += rows * cells * recurrentWeights(w.lstm());
        }
      }
      case TrainingWorkload w -> {
        long rows = (long) w.steps() * w.batch();
        long answers = w.goal() == TrainingWorkload.Goal.WORDS ? rows : w.batch();
        long lstm = inputWeights(w.lstm()) + w.lstm().depth() * recurrentWeights(w.lstm());
        long dense = (long) w.lstm().outputs() * w.outputs();
        multiplyAdds = 3 * (rows * lstm + answers * dense);
      }
    }
  }

  /** Weights from the input of each layer, all layers and directions. */
  private static long inputWeights(LstmShape lstm) {
    long weights = 0;
    for (int layer = 0; layer < lstm.depth(); layer++) {
      weights += (long) lstm.directions() * lstm.inputs(layer) * 4 * lstm.hidden();
    }
    return weights;
  }

  /** Weights from h to the gates of one cell. */
  private static long recurrentWeights(LstmShape lstm) {
    return 4L * lstm.hidden() * lstm.hidden();
  }

  private void read(long weights, int times) {
    readings.add(new Reading(new ReadKernel(Math.toIntExact(weights), workers.threads()), times));
  }

  /** Multiply-adds of a run. */
  long multiplyAdds() {
    return multiplyAdds;
  }

  /** Bytes that a run reads. */
  long bytes() {
    return readings.stream().mapToLong(reading -> reading.times * reading.kernel.size()).sum();
  }

  @Override
  public void run() {
    for (Reading reading : readings) {
      for (int i = 0; i < reading.times; i++) {
        workers.run(workers.threads(), part -> sink[part * LINE] = reading.kernel.read(part));
      }
    }
    long share = multiplyAdds / workers.threads();
    if (share > 0) {
      workers.run(workers.threads(), part -> sink[part * LINE] = FmaKernel.run(share));
    }
  }

  @Override
  public float[] result() {
    return sink.clone();
  }

  @Override
  public void close() {
    workers.close();
  }
}
