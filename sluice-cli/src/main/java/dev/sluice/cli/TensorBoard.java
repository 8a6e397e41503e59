package dev.sluice.cli;

import dev.sluice.cli.report.Measurement;
import dev.sluice.cli.report.Measurement.OfEpoch;
import dev.sluice.cli.report.Measurement.OfStep;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.tensorflow.EventFile;
import dev.sluice.io.tensorflow.EventFile.Scalars;
import dev.sluice.train.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The measurements of a run for TensorBoard, under the tags that its users know. What cannot be
 * written does not stop the training.
 */
final class TensorBoard {
  private final Optional<EventFile> events;

  /** Goes on in {@code folder} after what was measured before. */
  TensorBoard(Path folder, List<Measurement> before) {
    events = begin(folder, before);
  }

  private static Optional<EventFile> begin(Path folder, List<Measurement> before) {
    try {
      double now = System.currentTimeMillis() / 1e3;
      return Optional.of(
          EventFile.begin(folder, now, before.stream().map(TensorBoard::scalars).toList()));
    } catch (IOException | ModelFileException e) {
      return Optional.empty(); // as the class says
    }
  }

  void append(Measurement measurement) {
    if (events.isPresent()) {
      try {
        events.get().append(scalars(measurement));
      } catch (IOException e) {
        // as the class says
      }
    }
  }

  private static Scalars scalars(Measurement measurement) {
    return new Scalars(measurement.wallTime(), measurement.step(), values(measurement));
  }

  private static Map<String, Double> values(Measurement measurement) {
    Map<String, Double> values = new LinkedHashMap<>();
    switch (measurement) {
      case OfStep step -> {
        values.put("loss/train", (double) step.loss());
        values.put("gradient_norm", (double) step.gradientNorm());
        values.put("learning_rate", (double) step.learningRate());
        values.put("speed", step.speed());
      }
      case OfEpoch epoch -> {
        values.put("loss/train_epoch", epoch.trainLoss());
        values.put("loss/validation", epoch.validLoss());
        if (!epoch.metric().equals(Metric.LOSS.words())) {
          values.put(epoch.metric().replace(' ', '_') + "/validation", epoch.value());
        }
        values.put("seconds/epoch", epoch.seconds());
      }
    }
    return values;
  }
}
