package dev.sluice.cli;

import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells how training goes: on a terminal in one line that changes, elsewhere in a line every ten
 * seconds at the most; and a line for each epoch.
 */
final class Progress implements Trainer.Listener {
  private static final double SECONDS_BETWEEN_UPDATES = 0.1;
  private static final double SECONDS_BETWEEN_LINES = 10;

  private final PrintWriter err;
  private final int epochs;
  private final String unit;
  private final boolean terminal;
  private final long start; // of the run, or of the epoch in which it was resumed
  private final double doneBefore;
  private double lastShown;
  private int shownWidth;
  private double rate;

  /**
   * Progress of {@code epochs} epochs, shown on {@code err}, which {@code terminal} says is one.
   *
   * @param unit what speed is counted in
   * @param from where training starts, or goes on
   */
  Progress(
      PrintWriter err, int epochs, String unit, boolean terminal, TrainingState.Position from) {
    this.err = err;
    this.epochs = epochs;
    this.unit = unit;
    this.terminal = terminal;
    this.start = System.nanoTime() - (long) (from.seconds() * 1e9);
    this.doneBefore = from.epoch() / (double) epochs;
  }

  /** Whether someone is watching standard error, as far as Java can tell. */
  static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && !Files.isRegularFile(Path.of("/dev/stderr")); // 2> log
  }

  @Override
  public void onStep(Trainer.Progress progress) {
    rate = progress.sequences() / progress.seconds();
    double now = (System.nanoTime() - start) / 1e9;
    if (now - lastShown < (terminal ? SECONDS_BETWEEN_UPDATES : SECONDS_BETWEEN_LINES)) {
      return;
    }
    lastShown = now;
    double done = (progress.epoch() - 1 + progress.batch() / (double) progress.batches()) / epochs;
    show(
        "epoch %d/%d  %3d %%  train loss %.4f  %,.0f %s/s  %s left"
            .formatted(
                progress.epoch(),
                epochs,
                100 * progress.batch() / progress.batches(),
                progress.loss(),
                rate,
                unit,
                inWords(now * (1 - done) / (done - doneBefore))));
  }

  @Override
  public void onEpoch(Trainer.Epoch epoch) {
    clear();
    err.println(
        "epoch %d/%d  train loss %.4f  valid loss %.4f%s  %,.0f %s/s  %s%s"
            .formatted(
                epoch.epoch(),
                epochs,
                epoch.trainingLoss(),
                epoch.score().loss(),
                metric(epoch.score()),
                rate,
                unit,
                inWords(epoch.seconds()),
                epoch.best() ? "  best" : ""));
  }

  private static String metric(Objective.Score score) {
    Metric metric = score.metric();
    return metric == Metric.LOSS
        ? ""
        : "  valid %s %s".formatted(metric.words(), metric.format(score.value()));
  }

  /** Removes the line that changes, so that something else can be printed. */
  void clear() {
    if (shownWidth > 0) {
      err.print("\r" + " ".repeat(shownWidth) + "\r");
      err.flush();
      shownWidth = 0;
    }
  }

  private void show(String line) {
    if (!terminal) {
      err.println(line);
      return;
    }
    err.print("\r" + line + " ".repeat(Math.max(0, shownWidth - line.length())));
    err.flush();
    shownWidth = line.length();
  }

  private static String inWords(double seconds) {
    if (seconds < 60) {
      return "%.1f s".formatted(seconds);
    }
    Duration duration = Duration.ofSeconds(Math.round(seconds));
    return duration.toHours() > 0
        ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
        : "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
