package dev.sluice.cli;

import dev.sluice.data.TimeSplit;
import dev.sluice.io.ForecastingModel;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.Forecaster;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A forecaster to be trained, on its own or as a part of a detector.
 *
 * @param values that it learns from, not scaled, (T, C)
 * @param split of them
 * @param objective what is trained
 * @param directory where it is saved
 * @param trained what is saved once it is trained
 * @param settings the content of run.yaml
 */
record ForecastingJob(
    Forecaster model,
    Matrix values,
    TimeSplit split,
    Objective objective,
    ModelDirectory directory,
    Trained trained,
    String settings)
    implements TrainingJob {
  /** Makes what is saved from a forecaster whose weights have been learned. */
  @FunctionalInterface
  interface Trained {
    ForecastingModel of(Provenance provenance, Forecaster model);
  }

  @Override
  public String summary() {
    return "%,d rows to learn from, %,d for validation, %d columns, %,d parameters"
        .formatted(
            split.validation(),
            split.test() - split.validation(),
            values.cols,
            model.parameters().count());
  }

  @Override
  public String data() {
    return "training %s, validation %s".formatted(training().sha256(), validation().sha256());
  }

  @Override
  public boolean holdsModel() {
    return directory.holdsModel();
  }

  @Override
  public void save(List<Trainer.Epoch> epochs) {
    Provenance provenance = TrainingRun.provenance(epochs, training(), validation());
    directory.write(trained.of(provenance, model), Optional.of(settings));
  }

  private Provenance.Data training() {
    return data(0, split.validation());
  }

  private Provenance.Data validation() {
    return data(split.validation(), split.test());
  }

  private Provenance.Data data(int from, int to) {
    return Provenance.Data.of(
        IntStream.range(from, to).boxed().toList(),
        row -> Arrays.toString(values.rowRange(row, row + 1).toArray()));
  }
}
