package dev.sluice.cli;

import dev.sluice.cli.report.Measurement;
import dev.sluice.cli.report.Measurement.OfEpoch;
import dev.sluice.cli.report.Measurement.OfStep;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;

/**
 * Measures how training goes, at every twentieth step and at the end of each epoch, and hands it to
 * those who show it: metrics.jsonl, TensorBoard and the report.
 */
final class RunMonitor implements Trainer.Listener {
  private static final int STEPS_BETWEEN = 20;

  private final MetricsLog log;
  private final TensorBoard tensorBoard;
  private final RunReport report;
  private final Trainer.Listener next;
  private long step;
  private long sequences; // of this epoch, when it was measured last
  private double seconds;

  /** Of a run that goes on at {@code position}; {@code next} is told as well. */
  RunMonitor(
      MetricsLog log,
      TensorBoard tensorBoard,
      RunReport report,
      TrainingState.Position position,
      Trainer.Listener next) {
    this.log = log;
    this.tensorBoard = tensorBoard;
    this.report = report;
    this.next = next;
    step = position.steps();
    sequences = position.sequences();
    seconds = position.seconds();
  }

  @Override
  public void onStep(Trainer.Progress progress) {
    next.onStep(progress);
    step = progress.last().number();
    if (step % STEPS_BETWEEN == 0) {
      double speed = (progress.sequences() - sequences) / (progress.seconds() - seconds);
      sequences = progress.sequences();
      seconds = progress.seconds();
      add(OfStep.of(progress, speed, now()));
    }
  }

  @Override
  public void onEpoch(Trainer.Epoch epoch) {
    next.onEpoch(epoch);
    sequences = 0;
    seconds = 0;
    if (epoch.best()) {
      report.look(epoch.epoch());
    }
    add(OfEpoch.of(epoch, step, now()));
  }

  private void add(Measurement measurement) {
    log.append(measurement);
    tensorBoard.append(measurement);
    report.update();
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }
}
