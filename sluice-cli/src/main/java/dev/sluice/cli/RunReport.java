package dev.sluice.cli;

import dev.sluice.cli.report.Measurement;
import dev.sluice.cli.report.Run;
import dev.sluice.cli.report.RunPage;
import dev.sluice.io.AtomicFile;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.RunDirectory;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.GateSaturation;
import dev.sluice.train.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Keeps report.html up to date: at once, then every minute, and at the end. It looks at the model
 * and changes nothing in it. What cannot be written does not stop the training.
 */
final class RunReport {
  private static final double SECONDS_BETWEEN = 60;

  private final RunDirectory directory;
  private final TrainingJob job;
  private final Objective objective;
  private final Backend backend;
  private final int epochs;
  private final MetricsLog log;
  private Optional<Run.Inside> inside = Optional.empty();
  private double lastWritten = Double.NEGATIVE_INFINITY;

  /**
   * The report of a run.
   *
   * @param objective what is trained, as it tells of its validation
   * @param epochs there are to be
   */
  RunReport(
      RunDirectory directory,
      TrainingJob job,
      Objective objective,
      Backend backend,
      int epochs,
      MetricsLog log) {
    this.directory = directory;
    this.job = job;
    this.objective = objective;
    this.backend = backend;
    this.epochs = epochs;
    this.log = log;
  }

  /** Looks at what {@code epoch} has just led to, the best so far. */
  void look(int epoch) {
    List<GateSaturation.Gate> gates = GateSaturation.measure(backend, objective);
    inside = Optional.of(new Run.Inside(epoch, gates, objective.findings(), job.labels()));
  }

  /** Something was measured. */
  void update() {
    double now = System.nanoTime() / 1e9;
    if (now - lastWritten >= SECONDS_BETWEEN) {
      write(Run.State.RUNNING, Optional.empty());
      lastWritten = System.nanoTime() / 1e9;
    }
  }

  /**
   * The run has ended, the parameters are those that are kept.
   *
   * @param test how they do on data that nothing was chosen by
   */
  void end(Run.State state, Optional<Objective.Score> test) {
    if (state == Run.State.FINISHED && inside.isEmpty()) {
      bestEpoch().ifPresent(this::lookAgain); // it was before this run went on
    }
    write(state, test);
  }

  private Optional<Integer> bestEpoch() {
    return log.measurements().reversed().stream()
        .filter(m -> m instanceof Measurement.OfEpoch epoch && epoch.best())
        .map(Measurement::epoch)
        .findFirst();
  }

  private void lookAgain(int epoch) {
    objective.validate(Tape.inference(backend, objective.parameters()));
    look(epoch);
  }

  private void write(Run.State state, Optional<Objective.Score> test) {
    try {
      Run run =
          new Run(
              directory.name(),
              state,
              job.summary(),
              objective.unit(),
              epochs,
              Files.readString(directory.settings()),
              Version.sluice() + ", Java " + Version.java(),
              log.measurements(),
              inside,
              test);
      AtomicFile.write(directory.report(), file -> Files.writeString(file, RunPage.of(run)));
    } catch (IOException | ModelFileException e) {
      // as the class says
    }
  }
}
