package dev.sluice.cli.report;

import dev.sluice.train.Findings;
import dev.sluice.train.GateSaturation;
import dev.sluice.train.Objective;
import java.util.List;
import java.util.Optional;

/**
 * All that a page tells of a run.
 *
 * @param name of the model
 * @param state where the run is
 * @param summary what there is to learn, on one line
 * @param unit what speed is counted in
 * @param epochs there are to be at the most
 * @param settings the content of run.yaml
 * @param version of the program
 * @param measurements in their order
 * @param inside what the best epoch looks like inside, once there is one
 * @param test how the model does on data that nothing was chosen by
 */
public record Run(
    String name,
    State state,
    String summary,
    String unit,
    int epochs,
    String settings,
    String version,
    List<Measurement> measurements,
    Optional<Inside> inside,
    Optional<Objective.Score> test) {
  /** Where a run is. */
  public enum State {
    RUNNING,
    FINISHED,
    INTERRUPTED,
    DIVERGED
  }

  /**
   * What an epoch looks like inside.
   *
   * @param epoch counted from 1
   * @param gates of all layers
   * @param findings on held-out data
   * @param labels the names of the classes that the findings are about
   */
  public record Inside(
      int epoch,
      List<GateSaturation.Gate> gates,
      Optional<Findings> findings,
      List<String> labels) {}

  /** The steps that were measured. */
  List<Measurement.OfStep> steps() {
    return measurements.stream()
        .filter(Measurement.OfStep.class::isInstance)
        .map(Measurement.OfStep.class::cast)
        .toList();
  }

  /** The epochs that have ended. */
  List<Measurement.OfEpoch> completed() {
    return measurements.stream()
        .filter(Measurement.OfEpoch.class::isInstance)
        .map(Measurement.OfEpoch.class::cast)
        .toList();
  }

  /** The epoch whose weights are kept. */
  Optional<Measurement.OfEpoch> best() {
    return completed().reversed().stream().filter(Measurement.OfEpoch::best).findFirst();
  }
}
