package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Learning rates over the epochs; the expected ones were printed by PyTorch 1.13 where it has the schedule. */
class ScheduleTest {
  private static final List<Double> LOSSES =
      List.of(5.0, 4.0, 4.1, 4.2, 3.9, 3.95, 3.9, 3.91, 3.8999, 2.0, 3.0, 3.0, 3.0);

  private static List<Float> overEpochs(String schedule, int epochs) {
    Schedule s = Schedule.named(schedule);
    return IntStream.range(0, epochs)
        .mapToObj(e -> s.factor(new Schedule.Moment(10L * e, e, e / 8.0, LOSSES.subList(0, e))))
        .toList();
  }

  @Test
  void constant() {
    assertThat(overEpochs("constant", 3)).containsOnly(1f);
  }

  @Test
  void cosineFallsToZero() {
    assertThat(overEpochs(" Cosine ", 9)).startsWith(1f).contains(0.5f).endsWith(0f);
  }

  @Test
  void stepIsStepLR() {
    assertThat(overEpochs("step(every=3, factor=0.5)", 8))
        .containsExactly(1f, 1f, 1f, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f);
  }

  /** lr_decay ** max(epoch + 1 - max_epoch, 0) of the small configuration. */
  @Test
  void decayIsThatOfTensorFlowsPtbTutorial() {
    assertThat(overEpochs("decay(after=4, factor=0.5)", 7))
        .containsExactly(1f, 1f, 1f, 1f, 0.5f, 0.25f, 0.125f);
  }

  @Test
  void exponentialIsExponentialLR() {
    assertThat(overEpochs("exponential(0.9)", 5)).containsExactly(1f, 0.9f, 0.81f, 0.729f, 0.6561f);
  }

  @Test
  void plateauIsReduceLROnPlateau() {
    assertThat(overEpochs("plateau(factor=0.5, patience=1)", 12))
        .containsExactly(1f, 1f, 1f, 1f, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f, 0.125f, 0.125f, 0.125f);
  }

  /** word_language_model of pytorch/examples: a quarter whenever validation does not improve. */
  @Test
  void plateauWithoutPatience() {
    List<Float> rates = overEpochs("plateau(factor=0.25, patience=0, threshold=0)", 12);
    assertThat(rates.subList(0, 3)).containsExactly(1f, 1f, 1f);
    assertThat(rates.subList(3, 12))
        .containsExactly(
            0.25f, 0.0625f, 0.0625f, 1 / 64f, 1 / 256f, 1 / 1024f, 1 / 1024f, 1 / 1024f, 1 / 4096f);
  }

  @Test
  void warmupRisesToWhatComesThen() {
    Schedule schedule = Schedule.named("warmup(4) then exponential(factor=0.5)");
    assertThat(
            IntStream.range(0, 6)
                .mapToObj(s -> schedule.factor(new Schedule.Moment(s, s / 5, 0, List.of()))))
        .containsExactly(0.25f, 0.5f, 0.75f, 1f, 1f, 0.5f);
  }

  @Test
  void areValues() {
    assertThat(Schedule.named("warmup(steps=7) then step(2, factor=0.1)"))
        .isEqualTo(new Schedule.Warmup(7, new Schedule.Step(2, 0.1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          linear | unknown schedule "linear"; known are constant, cosine, step(every, factor),
          step(2 | unknown schedule "step(2"; known are constant,
          step(2) | schedule "step(2)": factor is missing; write step(factor=...)
          step(0, factor=0.5) | every: expected above 0, got 0.0
          step(1.5, factor=0.5) | schedule "step(1.5, factor=0.5)": every: expected a whole number, got 1.5
          step(2, 0.5) | schedule "step(2, 0.5)": "0.5" has no name; write name=value
          decay(after=4, factor=x) | schedule "decay(after=4, factor=x)": factor: expected a number, got "x"
          cosine(3) | schedule "cosine(3)": it takes no argument
          exponential(0.5, gamma=2) | it has no gamma; it takes factor
          exponential(0.5, factor=2) | factor is there twice
          warmup(500) | it is warmup that something comes after, as in "warmup(500) then cosine"
          cosine then constant | it is warmup that something comes after
          """)
  void whatCannotBeRead(String text, String message) {
    assertThatThrownBy(() -> Schedule.named(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
