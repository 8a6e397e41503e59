package dev.sluice.cli;

import dev.sluice.cli.report.Measurement;
import dev.sluice.cli.report.Measurement.OfEpoch;
import dev.sluice.cli.report.Measurement.OfStep;
import dev.sluice.train.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * metrics.jsonl, how training goes: a JSON object on each line, as {@link Measurement} has them. A
 * run that goes on from a checkpoint first takes back what was written after it. A log that cannot
 * be written does not stop the training.
 */
final class MetricsLog {
  private final Path file;
  private final List<Measurement> measurements = new ArrayList<>();

  /** The log of a run that goes on at {@code position}. */
  MetricsLog(Path file, TrainingState.Position position) {
    this.file = file;
    takeBack(position);
  }

  /** All that was measured, in its order. */
  List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  void append(Measurement measurement) {
    measurements.add(measurement);
    try {
      Files.writeString(
          file,
          Json.text(measurement) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      // as the class says
    }
  }

  /** Leaves the lines of steps and epochs that are behind {@code position}. */
  private void takeBack(TrainingState.Position position) {
    try {
      if (Files.exists(file)) {
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          parse(line)
              .filter(measurement -> isBefore(measurement, position))
              .ifPresent(
                  measurement -> {
                    measurements.add(measurement);
                    kept.add(line);
                  });
        }
        Files.write(file, kept);
      }
    } catch (IOException e) {
      // as the class says
    }
  }

  private static Optional<Measurement> parse(String line) {
    try {
      JsonNode parsed = Json.parse(line);
      Class<? extends Measurement> kind = parsed.has("valid_loss") ? OfEpoch.class : OfStep.class;
      return Optional.of(Json.convert(parsed, kind));
    } catch (JacksonException e) {
      return Optional.empty(); // cut short by a kill
    }
  }

  private static boolean isBefore(Measurement measurement, TrainingState.Position position) {
    return switch (measurement) {
      case OfEpoch epoch -> epoch.epoch() <= position.epoch();
      case OfStep step -> step.step() <= position.steps();
    };
  }
}
