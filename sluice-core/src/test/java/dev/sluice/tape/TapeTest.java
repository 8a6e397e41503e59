package dev.sluice.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the tape promises beyond right gradients, which the gradient checks hold. */
class TapeTest {
  private final Parameters parameters =
      new Parameters(List.of(ParameterSpec.table("w", 2, 3, Initializer.constant(2))));
  private final Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
  private final Tape tape = Tape.training(backend, parameters);

  @Test
  void gradientsOfSeveralBackwardsAdd() {
    parameters.initialize(RandomKey.of(0));
    for (int i = 0; i < 2; i++) {
      tape.reset(RandomKey.of(0));
      Var w = tape.weight("w").rowRange(0, 1).columnRange(1, 2);
      tape.backward(w.mul(w)); // d w² = 2w = 4
    }
    assertThat(parameters.get("w").gradient().toArray()).containsExactly(0, 8, 0, 0, 0, 0);
  }

  @Test
  void aValueUsedTwiceSumsItsGradients() {
    Var x = tape.input(Matrix.of(1, 1, 3));
    tape.backward(x.add(x).mul(x)); // 2x²
    assertThat(x.gradient().get(0, 0)).isEqualTo(12);
  }

  @Test
  void backwardRunsOnceForEachReset() {
    Var x = tape.input(Matrix.of(1, 1, 3));
    Var loss = x.mul(x);
    tape.backward(loss);
    assertThatThrownBy(() -> tape.backward(loss))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("backward ran already; add the losses to one, or reset the tape");
  }

  @Test
  void whatNeedsNoGradientGetsNone() {
    Var constant = tape.constant(Matrix.of(1, 1, 3));
    Var x = tape.input(Matrix.of(1, 1, 2));
    tape.backward(x.mul(constant));
    assertThat(constant.hasGradient()).isFalse();
    assertThat(x.gradient().get(0, 0)).isEqualTo(3);
  }

  @Test
  void dropoutIsAFunctionOfTheKeyAndThePlace() {
    float[] first = dropped(1);
    assertThat(dropped(1)).isEqualTo(first);
    assertThat(dropped(2)).isNotEqualTo(first);
    Var x = tape.input(Matrix.zeros(1, 50));
    x.value().fill(1);
    assertThat(x.dropout(0.5f).value().toArray()).isNotEqualTo(x.dropout(0.5f).value().toArray());
    assertThat(first).containsOnly(0, 2);
  }

  private float[] dropped(long seed) {
    tape.reset(RandomKey.of(seed));
    Matrix ones = Matrix.zeros(1, 50);
    ones.fill(1);
    return tape.input(ones).dropout(0.5f).value().toArray();
  }

  @Test
  void anInferenceTapeRecordsNothing() {
    Tape inference = Tape.inference(backend, parameters);
    Var x = inference.input(Matrix.of(1, 1, 1));
    assertThat(x.dropout(0.9f)).isSameAs(x);
    assertThatThrownBy(() -> inference.backward(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this tape records nothing; make it with Tape.training");
  }

  @Test
  void mistakesAreNamed() {
    Var a = tape.input(Matrix.zeros(2, 3));
    Var b = tape.input(Matrix.zeros(4, 5));
    assertThatThrownBy(() -> tape.backward(a)).hasMessage("loss: expected (1, 1), got (2, 3)");
    assertThatThrownBy(() -> a.mul(b)).hasMessage("mul: shapes do not match: [(2, 3), (4, 5)]");
    assertThatThrownBy(() -> a.add(b)).hasMessage("add: shapes do not match: [(2, 3), (4, 5)]");
    assertThatThrownBy(() -> a.addmm(a, b))
        .hasMessage("addmm: shapes do not match: [(2, 3), (2, 3), (4, 5)]");
    assertThatThrownBy(() -> Var.concat(a, b))
        .hasMessage("concat: shapes do not match: [(2, 3), (4, 5)]");
    assertThatThrownBy(() -> a.dropout(1)).hasMessage("dropout must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> tape.weight("v")).hasMessage("no parameter is named v; there are w");
  }
}
