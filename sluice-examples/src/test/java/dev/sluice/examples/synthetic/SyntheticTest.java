package dev.sluice.examples.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.examples.synthetic.Problem.Example;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.tape.Backend;
import dev.sluice.train.Trainer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The generators make what they say, and the quick problems are solved; the others are recipes. */
final class SyntheticTest {
  @Test
  void addingMarksTwoValues() {
    for (int i = 0; i < 50; i++) {
      Example example = new Adding(10).example(RandomKey.of(1).fold(i));
      float sum = 0;
      float marks = 0;
      for (int t = 0; t < 10; t++) {
        marks += example.steps().get(t, 1);
        sum += example.steps().get(t, 0) * example.steps().get(t, 1);
      }
      assertThat(marks).isEqualTo(2);
      assertThat(example.targets().get(0, 0)).isEqualTo(sum);
    }
  }

  @Test
  void temporalOrderHasTwoRelevantSymbols() {
    for (int i = 0; i < 50; i++) {
      Example example = new TemporalOrder().example(RandomKey.of(1).fold(i));
      String string = text(example.steps(), "XYBEabcd");
      assertThat(string).hasSizeBetween(100, 110).startsWith("B").endsWith("E");
      String relevant = string.replaceAll("[BEabcd]", "");
      assertThat(relevant).hasSize(2);
      assertThat(string.substring(10, 21)).contains(relevant.substring(0, 1));
      assertThat(string.substring(50, 61)).contains(relevant.substring(1));
      assertThat(example.targets().toArray())
          .containsExactly(relevant.charAt(0) == 'X' ? 1 : 0, relevant.charAt(1) == 'X' ? 1 : 0);
    }
  }

  @Test
  void reberStringsFollowTheGrammarAndTargetsAllowWhatFollows() {
    for (int i = 0; i < 50; i++) {
      Example example = new EmbeddedReber().example(RandomKey.of(1).fold(i));
      String string = text(example.steps(), "BTPSXVE");
      assertThat(string).matches("B([TP])B(TS*X(XT*VPX*)*.*|PT*V.*)E\\1");
      for (int t = 0; t + 1 < string.length(); t++) {
        assertThat(example.targets().get(t, "BTPSXVE".indexOf(string.charAt(t + 1)))).isEqualTo(1);
      }
      int last = string.length() - 1;
      assertThat(text(example.targets().rowRange(last, last + 1), "BTPSXVE")).isEqualTo("E");
    }
  }

  @Test
  void countingAllowsWhatMayFollow() {
    Example example = Counting.string(2);
    assertThat(text(example.steps(), "Sabc")).isEqualTo("Saabbcc");
    assertThat(example.targets().toArray())
        .containsExactly(
            1, 0, 0, 0, // S: a
            1, 1, 0, 0, // a: a or b
            1, 1, 0, 0, // a: a or b
            0, 1, 0, 0, // b: b
            0, 0, 1, 0, // b: c
            0, 0, 1, 0, // c: c
            0, 0, 0, 1); // c: T
  }

  private static String text(Matrix oneHot, String symbols) {
    return IntStream.range(0, oneHot.rows)
        .mapToObj(t -> symbols.substring(oneHot.largestInRow(t), oneHot.largestInRow(t) + 1))
        .collect(Collectors.joining());
  }

  @Test
  void countingIsLearned() {
    assertSolved(Synthetic.counting());
  }

  @Test
  void reberIsLearned() {
    assertSolved(Synthetic.reber());
  }

  private static void assertSolved(Synthetic.Setting setting) {
    try (Backend backend = Backend.create(1)) {
      Learner learner = Synthetic.learner(setting, 1);
      assertThat(
              Synthetic.isSolved(
                  setting, Synthetic.learn(backend, setting, learner, new Trainer.Listener() {})))
          .isTrue();
    }
  }
}
