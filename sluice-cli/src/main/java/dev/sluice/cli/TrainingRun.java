package dev.sluice.cli;

import dev.sluice.cli.report.Run;
import dev.sluice.io.Provenance;
import dev.sluice.tape.Backend;
import dev.sluice.train.Checkpoints;
import dev.sluice.train.DivergedException;
import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import dev.sluice.train.Objective.Score;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * Trains a {@link TrainingJob} and saves it, also when it is interrupted or diverges: what {@code
 * train} and {@code demo} have in common, whatever the task.
 *
 * @param job what is trained
 * @param settings how
 * @param optimizer by which rule
 */
record TrainingRun(TrainingJob job, Trainer.Settings settings, Optimizer optimizer) {
  /** What the process exits with after Ctrl-C, as shells have it: 128 + SIGINT. */
  static final int INTERRUPTED = 130;

  /** What came of it: the completed epochs, and whether it was stopped before its end. */
  record Result(List<Trainer.Epoch> epochs, boolean interrupted) {}

  /** Trains without leaving anything but the model. */
  Result run(Backend backend, PrintWriter err) {
    return run(backend, err, Optional.empty());
  }

  /**
   * Trains, writes the best epoch and tells {@code err}. When it ends before the first epoch does, a
   * model that is there already is not replaced.
   *
   * @param recorder keeps what is needed to go on later
   */
  Result run(Backend backend, PrintWriter err, Optional<RunRecorder> recorder) {
    try (Interruption interruption = new Interruption()) {
      err.println(job.summary());
      Optional<TrainingState> state = recorder.flatMap(RunRecorder::state);
      Objective objective = job.objective();
      Progress progress =
          new Progress(
              err,
              settings.epochs(),
              objective.unit(),
              Progress.isTerminal(),
              state.map(TrainingState::position).orElse(TrainingState.Position.START));
      Trainer trainer = trainer(objective, backend, progress, recorder);
      state.ifPresent(trainer::resume);
      try {
        train(trainer, interruption, progress);
      } catch (DivergedException e) {
        if (!trainer.epochs().isEmpty()) {
          job.save(trainer.epochs());
          err.printf("saved %s%n", inWords(trainer.epochs()));
        }
        recorder.ifPresent(r -> r.end(Run.State.DIVERGED));
        throw e;
      }
      Result result = save(trainer.epochs(), interruption.getAsBoolean(), err, recorder);
      if (result.interrupted()) {
        recorder.ifPresent(r -> r.end(Run.State.INTERRUPTED));
      }
      return result;
    }
  }

  private Trainer trainer(
      Objective objective, Backend backend, Progress progress, Optional<RunRecorder> recorder) {
    Trainer.Listener listener =
        recorder
            .map(r -> r.listener(job, objective, backend, settings.epochs(), progress))
            .orElse(progress);
    Checkpoints checkpoints = recorder.map(r -> r.checkpoints(progress)).orElse(Checkpoints.NONE);
    return new Trainer(backend, objective, optimizer, settings, listener, checkpoints);
  }

  private static void train(Trainer trainer, Interruption interruption, Progress progress) {
    try {
      trainer.run(interruption);
    } finally {
      progress.clear();
    }
  }

  private Result save(
      List<Trainer.Epoch> epochs,
      boolean interrupted,
      PrintWriter err,
      Optional<RunRecorder> recorder) {
    String resume = recorder.map(r -> "; go on with sluice train --resume " + r.model()).orElse("");
    if (epochs.isEmpty() && job.holdsModel()) {
      err.printf(
          "interrupted before an epoch was completed; the model that was there stays%s%n", resume);
      return new Result(epochs, true);
    }
    job.save(epochs);
    if (interrupted) {
      err.printf("interrupted; saved %s%s%n", inWords(epochs), resume);
    } else {
      recorder.ifPresent(RunRecorder::finish);
    }
    return new Result(epochs, interrupted);
  }

  /** The epoch whose weights are kept. */
  static Optional<Trainer.Epoch> best(List<Trainer.Epoch> epochs) {
    return epochs.reversed().stream().filter(Trainer.Epoch::best).findFirst();
  }

  /** Where the weights come from that are kept after {@code epochs}. */
  static Provenance provenance(
      List<Trainer.Epoch> epochs, Provenance.Data training, Provenance.Data validation) {
    Optional<Trainer.Epoch> best = best(epochs);
    return new Provenance(
        Version.sluice(),
        Version.java(),
        training,
        validation,
        epochs.size(),
        best.map(Trainer.Epoch::epoch).orElse(0),
        best.map(Trainer.Epoch::score)
            .filter(score -> score.metric() == Metric.ACCURACY)
            .map(Score::value));
  }

  /** Which weights were saved, for people. */
  static String inWords(List<Trainer.Epoch> epochs) {
    Optional<Trainer.Epoch> best = best(epochs);
    return inWords(
        best.map(Trainer.Epoch::epoch).orElse(0), epochs.size(), best.map(Trainer.Epoch::score));
  }

  /** Which weights were saved, for people who ask later. */
  static String inWords(Provenance provenance) {
    return inWords(
        provenance.bestEpoch(),
        provenance.epochs(),
        provenance.validationAccuracy().map(a -> new Score(0, Metric.ACCURACY, a)));
  }

  private static String inWords(int bestEpoch, int epochs, Optional<Score> score) {
    return bestEpoch == 0
        ? "the weights of the last step, as no epoch was completed"
        : "the best epoch, %d of %d".formatted(bestEpoch, epochs)
            + score
                .map(
                    s ->
                        ", validation %s %s"
                            .formatted(s.metric().words(), s.metric().format(s.value())))
                .orElse("");
  }
}
