package dev.sluice.cli;

import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Appends to metrics.jsonl how training goes: an object on each line, for every epoch and every
 * twentieth step. A run that goes on from a checkpoint first takes back what was written after it. A
 * log that cannot be written does not stop the training.
 */
final class MetricsLog implements Trainer.Listener {
  private static final int STEPS_BETWEEN_LINES = 20;

  /** A step; {@code loss} is the mean of its batches. */
  private record StepLine(
      long step, int epoch, float loss, float gradientNorm, float learningRate, double seconds) {}

  /** An epoch; {@code value} is that of the metric on held-out data. */
  private record EpochLine(
      long step,
      int epoch,
      double trainLoss,
      double validLoss,
      String metric,
      double value,
      boolean best,
      double seconds) {}

  private final Path file;
  private final Trainer.Listener next;
  private long step;

  /** A log of a run that goes on at {@code position}; {@code next} is told as well. */
  MetricsLog(Path file, TrainingState.Position position, Trainer.Listener next) {
    this.file = file;
    this.next = next;
    this.step = position.steps();
    takeBack(position);
  }

  @Override
  public void onStep(Trainer.Progress progress) {
    next.onStep(progress);
    Trainer.Step last = progress.last();
    step = last.number();
    if (step % STEPS_BETWEEN_LINES == 0) {
      append(
          new StepLine(
              step,
              progress.epoch(),
              last.loss(),
              last.gradientNorm(),
              last.learningRate(),
              progress.seconds()));
    }
  }

  @Override
  public void onEpoch(Trainer.Epoch epoch) {
    next.onEpoch(epoch);
    append(
        new EpochLine(
            step,
            epoch.epoch(),
            epoch.trainingLoss(),
            epoch.score().loss(),
            epoch.score().metric().words(),
            epoch.score().value(),
            epoch.best(),
            epoch.seconds()));
  }

  private void append(Record line) {
    try {
      Files.writeString(
          file, Json.text(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // as the class says
    }
  }

  /** Leaves the lines of steps and epochs that are behind {@code position}. */
  private void takeBack(TrainingState.Position position) {
    try {
      if (Files.exists(file)) {
        List<String> kept = new ArrayList<>(Files.readAllLines(file));
        kept.removeIf(line -> !isBefore(line, position));
        Files.write(file, kept);
      }
    } catch (IOException e) {
      // as the class says
    }
  }

  private static boolean isBefore(String line, TrainingState.Position position) {
    try {
      JsonNode entry = Json.parse(line);
      boolean ofEpoch = entry.has("valid_loss");
      return ofEpoch
          ? entry.path("epoch").asInt() <= position.epoch()
          : entry.path("step").asLong() <= position.steps();
    } catch (JacksonException e) {
      return false; // cut short by a kill
    }
  }
}
