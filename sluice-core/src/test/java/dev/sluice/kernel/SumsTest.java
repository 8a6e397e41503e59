package dev.sluice.kernel;

import static dev.sluice.kernel.Naive.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.matrix.Matrix;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Kernels} promises of numbers that many floats become, bit for bit, for every provider. */
@ParameterizedClass
@MethodSource("providers")
class SumsTest {
  private final Kernels kernels;

  SumsTest(Kernels kernels) {
    this.kernels = kernels;
  }

  static Stream<Kernels> providers() {
    return KernelsTest.providers();
  }

  @Test
  void maxIsTheLargestOrNaN() {
    for (int length = 1; length < 70; length++) {
      for (int place = 0; place < length; place++) {
        float[] data = new float[length + 3];
        Arrays.fill(data, Float.POSITIVE_INFINITY);
        Arrays.fill(data, 2, length + 2, -3);
        data[2 + place] = -2.5f;
        assertThat(kernels.max(data, 2, length)).isEqualTo(-2.5f);
        data[2 + place] = Float.NaN;
        assertThat(kernels.max(data, 2, length)).isNaN();
      }
    }
    assertThat(kernels.max(new float[] {-0f, 0f}, 0, 2)).isEqualTo(0f);
  }

  @Test
  void sumIsATreeOverSixteenRunningSums() {
    Matrix data = random("data", 1, 1000);
    for (int length = 0; length <= 1000; length = length < 70 ? length + 1 : length + 133) {
      float[] s = new float[16];
      for (int j = 0; j < 16; j++) {
        for (int i = j; i < length; i += 16) {
          s[j] += data.get(0, i);
        }
      }
      float[] eight = new float[8];
      for (int j = 0; j < 8; j++) {
        eight[j] = s[j] + s[j + 8];
      }
      float expected =
          ((eight[0] + eight[4]) + (eight[2] + eight[6]))
              + ((eight[1] + eight[5]) + (eight[3] + eight[7]));
      assertThat(kernels.sum(data.data, data.offset, length))
          .as("sum of %d", length)
          .isEqualTo(expected);
    }
  }

  @Test
  void sumOfSquaresIsTheSameTreeInDouble() {
    Matrix data = random("data", 1, 1000);
    for (int length = 0; length <= 1000; length = length < 70 ? length + 1 : length + 133) {
      double[] s = new double[16];
      for (int i = 0; i < length; i++) {
        double x = data.get(0, i);
        s[i % 16] += x * x;
      }
      double[] eight = new double[8];
      for (int j = 0; j < 8; j++) {
        eight[j] = s[j] + s[j + 8];
      }
      double expected =
          ((eight[0] + eight[4]) + (eight[2] + eight[6]))
              + ((eight[1] + eight[5]) + (eight[3] + eight[7]));
      assertThat(kernels.sumOfSquares(data.data, data.offset, length))
          .as("sum of squares of %d", length)
          .isEqualTo(expected);
    }
  }
}
