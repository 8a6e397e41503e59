package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.model.Precision;
import org.junit.jupiter.api.Test;

/** Runs of workloads of all kinds, small: the real ones differ in sizes alone. */
final class SluiceTasksTest {
  @Test
  void everyWorkloadHasAnIdOfItsOwn() {
    assertThat(Workload.all().stream().map(Workload::id))
        .containsExactly("I1", "I2", "I3", "I4", "I5", "S1", "S2", "T1", "T2", "T3", "T4");
    assertThat(Workload.of("T3").metrics().getFirst().name()).isEqualTo("steps/s");
    assertThatThrownBy(() -> Workload.of("X1"))
        .hasMessage(
            "no workload is named X1; there are I1, I2, I3, I4, I5, S1, S2, T1, T2, T3, T4");
  }

  @Test
  void weightsAndInputsFollowFromTheId() {
    InferenceWorkload one = new InferenceWorkload("A", 2, 3, new LstmShape(4, 5, 2, true));
    InferenceWorkload other = new InferenceWorkload("B", 2, 3, new LstmShape(4, 5, 2, true));
    assertThat(one.parameters().values())
        .isEqualTo(one.parameters().values())
        .isNotEqualTo(other.parameters().values());
    assertThat(one.input().toArray())
        .hasSize(3 * 2 * 4)
        .isEqualTo(one.input().toArray())
        .isNotEqualTo(other.input().toArray());
  }

  @Test
  void inferenceGivesTheOutputsOfAllSteps() {
    InferenceWorkload workload = new InferenceWorkload("A", 2, 3, new LstmShape(4, 5, 2, true));
    float[] single = firstResult(workload, 1);
    assertThat(single).hasSize(3 * 2 * 10).isEqualTo(firstResult(workload, 2));
  }

  @Test
  void trainingLearnsWordsClassesAndNumbers() {
    LstmShape lstm = new LstmShape(6, 8, 1, false);
    learns(TrainingWorkload.languageModel("A", 3, 4, 8, 0), Math.log(10_000));
    learns(TrainingWorkload.classifier("A", 5, 4, 20, lstm), Math.log(10));
    learns(TrainingWorkload.forecaster("A", 50, 4, lstm), 1 / 3.0); // the variance of the targets
  }

  /** The loss begins where guessing is, and falls when the same batch comes again. */
  private static void learns(TrainingWorkload workload, double guessing) {
    float first = firstResult(workload, 1)[0];
    assertThat((double) first).isCloseTo(guessing, withinPercentage(25));
    try (Task task = prepare(workload.reproducible(), 2)) {
      task.run();
      assertThat(task.result()).as("on two threads").containsExactly(first);
      task.run();
      assertThat(task.result()[0]).isLessThan(first);
    }
  }

  @Test
  void dropoutDrops() {
    TrainingWorkload workload = TrainingWorkload.languageModel("A", 3, 4, 8, 0.5f);
    assertThat(firstResult(workload, 1)).isNotEqualTo(firstResult(workload.reproducible(), 1));
  }

  @Test
  void batchesDifferUntilTheyRepeat() {
    TrainingWorkload workload = TrainingWorkload.languageModel("A", 3, 4, 8, 0);
    assertThat(workload.batch(0).words()).isNotEqualTo(workload.batch(1).words());
    assertThat(workload.batches()).isGreaterThan(1);
  }

  @Test
  void streamsGoOnFromStepToStep() {
    LstmShape lstm = new LstmShape(6, 8, 2, false);
    try (Task task = prepare(new StreamingWorkload("A", lstm, 3), 1)) {
      task.run();
      float[] first = task.result();
      task.run();
      assertThat(task.result()).hasSize(3).isNotEqualTo(first);
    }
    assertThat(firstResult(new StreamingWorkload("A", lstm, 0), 1)).hasSize(8);
  }

  @Test
  void onlyStreamsHaveBfloat16() {
    Workload batch = new InferenceWorkload("A", 2, 3, new LstmShape(4, 5, 2, true));
    assertThat(SluiceTasks.prepare(batch, 1, Precision.BFLOAT16)).isEmpty();
  }

  private static Task prepare(Workload workload, int threads) {
    return SluiceTasks.prepare(workload, threads, Precision.FLOAT32).orElseThrow();
  }

  private static float[] firstResult(Workload workload, int threads) {
    try (Task task = prepare(workload, threads)) {
      task.run();
      return task.result();
    }
  }
}
