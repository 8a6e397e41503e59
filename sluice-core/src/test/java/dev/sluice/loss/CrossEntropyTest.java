package dev.sluice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {
  private final Tape tape =
      Tape.training(
          new Backend(KernelProvider.choose().kernels(), Workers.SINGLE),
          new Parameters(List.of()));

  @Test
  void meanOverRowsInNats() {
    Var logits = tape.input(Matrix.of(2, 3, 1, 2, 3, 0, 0, 0));
    Var loss = CrossEntropy.mean(logits, 2, 1);
    double first = Math.log(Math.exp(-2) + Math.exp(-1) + 1);
    double expected = (first + Math.log(3)) / 2;
    assertThat((double) loss.value().get(0, 0)).isCloseTo(expected, within(1e-6));
    tape.backward(loss);
    // (p - onehot) / rows
    assertThat(logits.gradient().get(1, 0)).isCloseTo(1 / 6f, within(1e-6f));
    assertThat(logits.gradient().get(1, 1)).isCloseTo(-2 / 6f, within(1e-6f));
  }

  @Test
  void inPlaceIsTheSame() {
    Var x = tape.input(Matrix.of(3, 2, 1, 2, -3, 0, 0.5f, 4));
    Var w = tape.input(Matrix.of(2, 4, 1, 2, 3, 0, 0, -1, 0.5f, 0));
    Var bias = tape.input(Matrix.zeros(1, 4));
    Var logits = bias.addmm(x, w);
    Var loss = CrossEntropy.mean(logits, 2, 1, 0);
    Var overwritten = bias.addmm(x, w);
    Var same = CrossEntropy.meanInPlace(overwritten, 2, 1, 0);
    assertThat(same.value().toArray()).isEqualTo(loss.value().toArray());
    tape.backward(loss.add(same));
    assertThat(overwritten.gradient().toArray()).isEqualTo(logits.gradient().toArray());
    assertThat(overwritten.gradient().data).isSameAs(overwritten.value().data);
  }

  @Test
  void onlyAProductIsOverwritten() {
    Var logits = tape.input(Matrix.zeros(1, 3));
    assertThatThrownBy(() -> CrossEntropy.meanInPlace(logits.tanh(), 0))
        .hasMessage("logits that are no product of a layer cannot be overwritten; use mean");
  }

  @Test
  void largeScoresDoNotOverflow() {
    Var logits = tape.input(Matrix.of(1, 3, 1e30f, -1e30f, 1e30f));
    assertThat(CrossEntropy.softmax(tape, logits.value()).toArray()).containsExactly(0.5f, 0, 0.5f);
    float loss = CrossEntropy.mean(logits, 0).value().get(0, 0);
    assertThat(loss).isFinite();
  }

  @Test
  void aTargetOutsideTheClasses() {
    Var logits = tape.input(Matrix.zeros(1, 3));
    assertThatThrownBy(() -> CrossEntropy.mean(logits, 3))
        .hasMessage("target 3 of row 0 is not one of the 3 classes 0 to 2");
    assertThatThrownBy(() -> CrossEntropy.mean(logits, 0, 1))
        .hasMessage("cross-entropy of 1 rows needs as many targets, got 2");
  }
}
