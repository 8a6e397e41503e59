package dev.sluice.cli.report;

import dev.sluice.train.Trainer;

/** How a run was at some moment: a line of metrics.jsonl. */
public sealed interface Measurement {
  /** Optimizer steps done, over all epochs. */
  long step();

  /** Of what the moment was in, or the end of. */
  int epoch();

  /** Seconds since 1970. */
  double wallTime();

  /**
   * A step.
   *
   * @param loss mean of its batches
   * @param gradientNorm before clipping
   * @param speed in what the objective counts in, per second, since the line before
   * @param seconds since the epoch began
   */
  record OfStep(
      long step,
      int epoch,
      float loss,
      float gradientNorm,
      float learningRate,
      double speed,
      double seconds,
      double wallTime)
      implements Measurement {
    /** The step that was just taken. */
    public static OfStep of(Trainer.Progress progress, double speed, double wallTime) {
      Trainer.Step last = progress.last();
      return new OfStep(
          last.number(),
          progress.epoch(),
          last.loss(),
          last.gradientNorm(),
          last.learningRate(),
          speed,
          progress.seconds(),
          wallTime);
    }
  }

  /**
   * The end of an epoch.
   *
   * @param trainLoss mean over its batches, while they were learned
   * @param metric what held-out data are judged by, in words
   * @param value of the metric
   * @param best whether it is the best so far
   * @param seconds for the epoch, validation included
   */
  record OfEpoch(
      long step,
      int epoch,
      double trainLoss,
      double validLoss,
      String metric,
      double value,
      boolean best,
      double seconds,
      double wallTime)
      implements Measurement {
    /** The epoch that has ended with {@code step}. */
    public static OfEpoch of(Trainer.Epoch epoch, long step, double wallTime) {
      return new OfEpoch(
          step,
          epoch.epoch(),
          epoch.trainingLoss(),
          epoch.score().loss(),
          epoch.score().metric().words(),
          epoch.score().value(),
          epoch.best(),
          epoch.seconds(),
          wallTime);
    }
  }
}
