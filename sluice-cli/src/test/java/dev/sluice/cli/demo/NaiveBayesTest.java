package dev.sluice.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.LabelledText;
import java.util.List;
import org.junit.jupiter.api.Test;

class NaiveBayesTest {
  private static final NaiveBayes MODEL =
      NaiveBayes.train(
          List.of(
              new LabelledText("a", "abab"),
              new LabelledText("b", "cdcd"),
              new LabelledText("b", "dcdc")));

  @Test
  void gramsDecide() {
    assertThat(MODEL.predict("aba")).isEqualTo("a");
    assertThat(MODEL.predict("dcd")).isEqualTo("b");
  }

  @Test
  void endsAreGrams() {
    NaiveBayes ends =
        NaiveBayes.train(List.of(new LabelledText("a", "xy"), new LabelledText("b", "yx")));
    assertThat(ends.predict("x-")).isEqualTo("a");
    assertThat(ends.predict("-x")).isEqualTo("b");
  }

  @Test
  void priorDecidesWhenGramsSayNothing() {
    NaiveBayes model =
        NaiveBayes.train(
            List.of(
                new LabelledText("a", "x"),
                new LabelledText("b", "x"),
                new LabelledText("b", "x")));
    assertThat(model.predict("x")).isEqualTo("b");
  }

  @Test
  void accuracyIsTheShareOfRightPredictions() {
    assertThat(
            MODEL.accuracy(
                List.of(
                    new LabelledText("a", "ab"),
                    new LabelledText("b", "cd"),
                    new LabelledText("a", "cd"),
                    new LabelledText("b", "dc"))))
        .isEqualTo(0.75);
  }
}
