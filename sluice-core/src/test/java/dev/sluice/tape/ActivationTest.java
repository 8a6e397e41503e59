package dev.sluice.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each activation against its formula in double precision, by every provider the same bits. */
class ActivationTest {
  private static final float[] INPUTS = {
    -30, -3.1f, -2.5f, -1, -0.3f, -1e-4f, -0f, 0, 1e-4f, 0.2f, 0.6f, 1, 2.4f, 3.2f, 30
  };

  static Stream<Arguments> formulas() {
    return Stream.of(
        formula(Activation.TANH, Math::tanh),
        formula(Activation.SIGMOID, x -> 1 / (1 + Math.exp(-x))),
        formula(Activation.RELU, x -> Math.max(0, x)),
        formula(Activation.SOFTSIGN, x -> x / (1 + Math.abs(x))),
        formula(Activation.SOFTPLUS, x -> Math.log1p(Math.exp(x))),
        formula(Activation.LINEAR, x -> x),
        formula(Activation.HARD_SIGMOID, x -> Math.clamp(0.2 * x + 0.5, 0, 1)),
        formula(Activation.HARD_SIGMOID_KERAS_3, x -> Math.clamp(x + 3, 0, 6) / 6),
        formula(Activation.affine(2, -1), x -> 2 * x - 1),
        formula(Activation.leakyRelu(0.01f), x -> x >= 0 ? x : 0.01 * x),
        formula(Activation.thresholdedRelu(0.5f), x -> x >= 0.5 ? x : 0),
        formula(Activation.scaledTanh(1.5f, 0.5f), x -> 1.5 * Math.tanh(0.5 * x)),
        formula(Activation.elu(2), x -> x >= 0 ? x : 2 * Math.expm1(x)),
        formula(Activation.clip(0.5f), x -> Math.clamp(x, -0.5, 0.5)),
        formula(Activation.TANH.withInputLimit(1), x -> Math.tanh(Math.clamp(x, -1, 1))));
  }

  private static Arguments formula(Activation f, DoubleUnaryOperator expected) {
    return Arguments.of(f, expected);
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void isItsFormula(Activation f, DoubleUnaryOperator expected) {
    for (String provider : List.of("scalar", "vector")) {
      Backend backend = new Backend(KernelProvider.choose(provider).kernels(), Workers.SINGLE);
      Tape tape = Tape.inference(backend, new Parameters(List.of()));
      Matrix y = tape.constant(Matrix.of(1, INPUTS.length, INPUTS)).activate(f).value();
      for (int i = 0; i < INPUTS.length; i++) {
        double exact = expected.applyAsDouble(INPUTS[i]);
        assertThat((double) y.get(0, i))
            .as("%s of %s, %s", f, INPUTS[i], provider)
            .isCloseTo(exact, within(4 * Math.ulp((float) exact) + 1e-37));
      }
    }
  }

  @Test
  void aLimitBelowZeroIsAMistake() {
    assertThatThrownBy(() -> Activation.clip(-1))
        .hasMessage(
            "an activation clips its input to ±limit, and the limit is at least 0; got -1.0");
  }
}
