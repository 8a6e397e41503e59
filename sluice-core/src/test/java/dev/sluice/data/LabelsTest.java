package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void labelsOfExamplesAreSortedByCodePoint() {
    Labels labels =
        Labels.in(
            List.of("\uD83D\uDE00", "b", "\uFFFD", "a", "b").stream()
                .map(label -> new LabelledText(label, "text"))
                .toList());
    assertThat(labels.names()).containsExactly("a", "b", "\uFFFD", "\uD83D\uDE00");
  }

  @Test
  void storedLabelsKeepTheirOrder() {
    Labels labels = Labels.of(List.of("b", "a"));
    assertThat(labels.size()).isEqualTo(2);
    assertThat(labels.id("b")).isEqualTo(0);
    assertThat(labels.id("a")).isEqualTo(1);
    assertThat(labels.name(1)).isEqualTo("a");
    assertThat(labels.contains("c")).isFalse();
  }

  @Test
  void errorsNameTheLabels() {
    assertThatThrownBy(() -> Labels.of(List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a label occurs twice in [a, b, a]");
    assertThatThrownBy(() -> Labels.of(List.of("a", "b")).id("c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label 'c' is not among a, b (2 in all)");
  }

  @Test
  void showsTenLabels() {
    assertThat(Labels.of(IntStream.range(0, 12).mapToObj(Integer::toString).toList()))
        .hasToString("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ... (12 in all)");
  }
}
