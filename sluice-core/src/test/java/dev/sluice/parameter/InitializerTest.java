package dev.sluice.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** First values have the distribution that their name promises, whoever's name it is. */
class InitializerTest {
  private static final RandomKey KEY = RandomKey.of(3);

  /** 100 inputs, 300 outputs. Variances are known to 2 percent from 30,000 numbers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "uniform(0.5); 0.08333; 0.5", // limit² / 3
        "normal(2); 4; 11",
        "glorot_uniform; 0.005; 0.12248", // 2 / (in + out), √(6 / (in + out))
        "glorot_normal; 0.005; 0.4",
        "uniform_unit_scaling; 0.01; 0.17321", // 1 / in, √(3 / in)
        "uniform_unit_scaling(1.43); 0.02045; 0.24769",
      })
  void varianceAndRange(String name, double variance, double limit) {
    double[] values = fill(name, 100, 300);
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (double v : values) {
      sum += v;
      squares += v * v;
      largest = Math.max(largest, Math.abs(v));
    }
    double n = values.length;
    assertThat(sum / n).isCloseTo(0, within(4 * Math.sqrt(variance / n)));
    assertThat(squares / n).isCloseTo(variance, within(0.03 * variance));
    assertThat(largest).isLessThanOrEqualTo(limit).isGreaterThan(limit / 3);
  }

  /** Q of the QR decomposition of the random matrix: QᵀQ = 1, and R = QᵀA has a positive diagonal, zeros below. */
  @ParameterizedTest
  @CsvSource({"40, 10", "10, 40", "32, 32", "1, 4", "3, 1"})
  void orthogonal(int rows, int cols) {
    double gain = 1.5;
    double[] filled = fill("orthogonal(1.5)", rows, cols);
    int size = Math.max(rows, cols);
    int count = Math.min(rows, cols);
    double[][] q = new double[count][size];
    double[][] a = new double[count][size];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < size; k++) {
        q[i][k] = (rows < cols ? filled[i * cols + k] : filled[k * cols + i]) / gain;
        a[i][k] = KEY.normal((long) i * size + k);
      }
    }
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        assertThat(dot(q[i], q[j])).isCloseTo(i == j ? 1 : 0, within(1e-6));
        if (j < i) {
          assertThat(dot(q[i], a[j])).isCloseTo(0, within(1e-5));
        }
      }
      assertThat(dot(q[i], a[i])).isPositive();
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  @Test
  void constants() {
    assertThat(fill("zeros", 2, 3)).containsOnly(0);
    assertThat(fill("ones", 2, 3)).containsOnly(1);
    assertThat(fill("constant(-2.5)", 2, 3)).containsOnly(-2.5);
    assertThat(fill("unit_forget_bias", 1, 8)).containsExactly(0, 0, 1, 1, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "xavier_uniform_, glorot_uniform",
    "GlorotUniform, glorot_uniform",
    "glorot_uniform_initializer, glorot_uniform",
    "xavier_normal_, glorot_normal",
    "Orthogonal, orthogonal(1)",
    "orthogonal_initializer, orthogonal(1)",
    "RandomUniform( 0.05 ), uniform(0.05)",
    "random_normal(0.05), normal(5e-2)",
    "uniform_unit_scaling_initializer, uniform_unit_scaling(1)",
    "zeros_initializer, zeros",
    "Ones, ones",
  })
  void namesOfOtherFrameworks(String theirs, String ours) {
    assertThat(fill(theirs, 4, 8)).containsExactly(fill(ours, 4, 8));
  }

  /** Names are not for people alone: i has no dot in a Turkish locale. */
  @Test
  void namesDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("tr", "TR"));
      assertThat(fill("UNIFORM(1)", 2, 2)).containsExactly(fill("uniform(1)", 2, 2));
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "uniform; initializer \"uniform\" needs a number, as in uniform(0.05)",
        "zeros(3); initializer \"zeros(3)\": this one takes no number",
        "normal(x); initializer \"normal(x)\": \"x\" is no number; one goes there, such as 0.05",
        "uniform(-1); the limit of a uniform distribution must be a number of at least 0, got -1.0",
        "normal(NaN); a standard deviation must be a number of at least 0, got NaN",
        "orthogonal(1; unknown initializer \"orthogonal(1\"; known are",
        "glorot; unknown initializer \"glorot\"; known are zeros, ones, constant(value),"
            + " uniform(limit),",
      })
  void mistakesAreNamed(String name, String message) {
    assertThatThrownBy(() -> Initializer.named(name)).hasMessageStartingWith(message);
  }

  @Test
  void theForgetGateIsOfAnLstm() {
    assertThatThrownBy(() -> fill("unit_forget_bias", 1, 6))
        .hasMessage(
            "unit_forget_bias is for the bias of an LSTM, (1, 4H), not for (1, 6);"
                + " is it a weight, or the bias of a cell without forget gate?");
  }

  private static double[] fill(String name, int rows, int cols) {
    Matrix m = Matrix.zeros(rows, cols);
    Initializer.named(name).fill(m, KEY);
    double[] values = new double[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = m.get(i / cols, i % cols);
    }
    return values;
  }
}
