package dev.sluice.cli.bench;

import static java.util.stream.Collectors.joining;

import dev.sluice.layer.Layer;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import java.util.List;

/**
 * Work whose speed is measured: sizes, and weights and inputs that follow from a fixed seed, so that every
 * engine can be given the same. Not how it is run: that is a {@link Task}.
 */
public sealed interface Workload permits StreamingWorkload, InferenceWorkload, TrainingWorkload {
  /** Short and unique: {@code I1}. */
  String id();

  /** The sizes, for people. */
  String description();

  /** The network's layers; the first name of each weight is {@code embedding}, {@code lstm} or {@code dense}. */
  List<Layer> layers();

  /** What is reported of the times of its runs, the most important first. */
  List<Metric> metrics();

  /** The weights as they are before the first run, in memory of their own. */
  default Parameters parameters() {
    Parameters parameters =
        new Parameters(layers().stream().flatMap(l -> l.parameters().stream()).toList());
    parameters.initialize(key("weights"));
    return parameters;
  }

  /** What the random numbers of the named part follow from. */
  default RandomKey key(String part) {
    return RandomKey.of(1).fold(id()).fold(part);
  }

  /** Numbers uniform in [-1, 1). */
  static Matrix uniform(RandomKey key, int rows, int cols) {
    Matrix m = Matrix.zeros(rows, cols);
    Initializer.uniform(1).fill(m, key);
    return m;
  }

  /** All workloads. */
  static List<Workload> all() {
    return List.of(
        new StreamingWorkload("I1", new LstmShape(64, 128, 1, false), 0),
        new StreamingWorkload("I2", new LstmShape(256, 512, 2, false), 0),
        new InferenceWorkload("I3", 1, 100, new LstmShape(128, 256, 2, true)),
        new InferenceWorkload("I4", 32, 128, new LstmShape(300, 512, 2, false)),
        new InferenceWorkload("I5", 256, 50, new LstmShape(64, 128, 1, false)),
        new StreamingWorkload("S1", new LstmShape(128, 128, 2, false), 32),
        new StreamingWorkload("S2", new LstmShape(256, 256, 3, false), 32),
        TrainingWorkload.languageModel("T1", 20, 20, 200, 0),
        TrainingWorkload.classifier("T2", 64, 600, 5_000, new LstmShape(64, 128, 1, false)),
        TrainingWorkload.forecaster("T3", 32, 24, new LstmShape(8, 64, 1, false)),
        TrainingWorkload.languageModel("T4", 20, 35, 650, 0.5f));
  }

  /**
   * The workload of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Workload of(String id) {
    return all().stream()
        .filter(workload -> workload.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no workload is named %s; there are %s"
                        .formatted(id, all().stream().map(Workload::id).collect(joining(", ")))));
  }
}
