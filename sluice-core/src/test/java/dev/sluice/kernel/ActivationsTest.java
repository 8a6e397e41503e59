package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {
  private interface FloatFunction {
    float apply(float x);
  }

  @Test
  void expIsWithinItsBound() {
    assertThat(worst(Activations::exp, StrictMath::exp, -120, 88.722f)).isLessThan(1.1);
  }

  @Test
  void sigmoidIsWithinItsBound() {
    assertThat(worst(Activations::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), -87, 200))
        .isLessThan(2.5);
  }

  @Test
  void tanhIsWithinItsBoundDownToTheSmallestNumber() {
    assertThat(worst(Activations::tanh, StrictMath::tanh, -Float.MAX_VALUE, Float.MAX_VALUE))
        .isLessThan(2.5);
  }

  /**
   * The largest error in units in the last place, over every 997th float from {@code low} to {@code
   * high}.
   */
  private static double worst(FloatFunction f, DoubleUnaryOperator exact, float low, float high) {
    double worst = 0;
    for (long bits = 0; bits < 1L << 32; bits += 997) {
      float x = Float.intBitsToFloat((int) bits);
      if (x >= low && x <= high) {
        double right = exact.applyAsDouble(x);
        double error = Math.abs(f.apply(x) - right) / Math.ulp((float) Math.abs(right));
        worst = Math.max(worst, error);
      }
    }
    return worst;
  }

  @Test
  void limitsOfExp() {
    assertThat(Activations.exp(0f)).isEqualTo(1f);
    assertThat(Activations.exp(-0f)).isEqualTo(1f);
    assertThat(Activations.exp(88.73f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Activations.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Activations.exp(-104.1f)).isEqualTo(0f);
    assertThat(Activations.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Activations.exp(Float.NaN)).isNaN();
  }

  @Test
  void limitsOfSigmoid() {
    assertThat(Activations.sigmoid(0f)).isEqualTo(0.5f);
    assertThat(Activations.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Activations.sigmoid(Float.NEGATIVE_INFINITY)).isEqualTo(Activations.sigmoid(-87f));
    assertThat(Activations.sigmoid(-87f)).isBetween(1.6e-38f, 1.7e-38f);
    assertThat(Activations.sigmoid(Float.NaN)).isNaN();
  }

  @Test
  void limitsOfTanh() {
    assertThat(Activations.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Activations.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(Float.floatToRawIntBits(Activations.tanh(0f))).isEqualTo(0);
    assertThat(Float.floatToRawIntBits(Activations.tanh(-0f))).isEqualTo(0x80000000);
    assertThat(Activations.tanh(Float.NaN)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MIN_VALUE, 1e-40f, 1e-20f, 1e-4f, 0.1f, 0.5f, 1, 3, 9, 20})
  void tanhIsOdd(float x) {
    assertThat(Activations.tanh(-x)).isEqualTo(-Activations.tanh(x));
  }
}
