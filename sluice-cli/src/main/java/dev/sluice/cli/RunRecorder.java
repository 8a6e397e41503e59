package dev.sluice.cli;

import dev.sluice.cli.report.Run;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.RunDirectory;
import dev.sluice.tape.Backend;
import dev.sluice.train.Checkpoints;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps what a training needs to go on after a kill, in its {@link RunDirectory}, now and then, and
 * what shows people how it goes.
 */
final class RunRecorder {
  /**
   * When to keep the state, besides the end of each epoch and of the run.
   *
   * @param steps after as many; 0: not by steps
   * @param minutes after as many; 0: not by time
   */
  record Interval(int steps, double minutes) {}

  private final Path model;
  private final RunDirectory directory;
  private final String data;
  private final Optional<TrainingState> state;
  private final Interval interval;
  private final PrintWriter err;
  private Optional<RunReport> report = Optional.empty();
  private boolean keptSome;
  private int stepsSince;
  private long lastSave = System.nanoTime();

  /**
   * A recorder of the run in {@code directory}, which has begun.
   *
   * @param data identifies what the run learns from
   * @param state where it goes on, if it does
   */
  RunRecorder(
      Path model,
      RunDirectory directory,
      String data,
      Optional<TrainingState> state,
      Interval interval,
      PrintWriter err) {
    this.model = model;
    this.directory = directory;
    this.data = data;
    this.state = state;
    this.keptSome = state.isPresent();
    this.interval = interval;
    this.err = err;
  }

  Path model() {
    return model;
  }

  /** Where the run goes on; nothing when it starts. */
  Optional<TrainingState> state() {
    return state;
  }

  /** Whether there is a state to go on from. */
  boolean keptSome() {
    return keptSome;
  }

  /**
   * Tells {@code progress} and writes down how it goes.
   *
   * @param epochs there are to be
   */
  Trainer.Listener listener(
      TrainingJob job, Objective objective, Backend backend, int epochs, Progress progress) {
    TrainingState.Position position =
        state.map(TrainingState::position).orElse(TrainingState.Position.START);
    MetricsLog log = new MetricsLog(directory.metrics(), position);
    RunReport page = new RunReport(directory, job, objective, backend, epochs, log);
    report = Optional.of(page);
    TensorBoard tensorBoard = new TensorBoard(directory.folder(), log.measurements());
    return new RunMonitor(log, tensorBoard, page, position, progress);
  }

  /** Keeps states; what goes wrong is told, after {@code progress} is cleared, and training goes on. */
  Checkpoints checkpoints(Progress progress) {
    return (occasion, current) -> {
      stepsSince++;
      if (occasion != Checkpoints.Occasion.STEP || isDue()) {
        save(current.get(), progress);
      }
    };
  }

  /** The run has ended in {@code state}. */
  void end(Run.State state) {
    report.ifPresent(page -> page.end(state, Optional.empty()));
  }

  /** How the model that was saved does on data that nothing was chosen by. */
  void tested(Objective.Score score) {
    report.ifPresent(page -> page.end(Run.State.FINISHED, Optional.of(score)));
  }

  /** The model is saved: of the states only the last is left, from which more epochs may follow. */
  void finish() {
    directory.checkpoints().deleteAllBut(1);
    end(Run.State.FINISHED);
  }

  private boolean isDue() {
    double minutes = (System.nanoTime() - lastSave) / 60e9;
    return (interval.steps > 0 && stepsSince >= interval.steps)
        || (interval.minutes > 0 && minutes >= interval.minutes);
  }

  private void save(TrainingState current, Progress progress) {
    if (!current.isFinite()) {
      return; // it diverged, as the next step will find
    }
    stepsSince = 0;
    lastSave = System.nanoTime();
    try {
      directory.checkpoints().save(data, current);
      keptSome = true;
    } catch (ModelFileException e) {
      progress.clear();
      err.printf("warning: no checkpoint: %s; training goes on%n", e.getMessage());
    }
  }
}
