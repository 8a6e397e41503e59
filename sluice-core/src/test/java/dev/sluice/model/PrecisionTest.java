package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.matrix.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
  private static final int UPPER = 0xFFFF0000;

  /** Bits of a float, and of what it becomes. */
  @ParameterizedTest
  @CsvSource({
    "3f800000, 3f800000", // 1
    "3f808000, 3f800000", // in the middle, and the lower neighbour is even
    "3f818000, 3f820000", // in the middle, and the upper neighbour is even
    "3f808001, 3f810000",
    "3f80ffff, 3f810000",
    "bf808001, bf810000",
    "80000000, 80000000", // -0
    "00000001, 00000000", // smaller than the smallest bfloat16
    "00008001, 00010000",
    "7f7fffff, 7f800000", // rounds up to infinity
    "ff800000, ff800000",
    "7fc00000, 7fc00000", // NaN
    "7f800001, 7fc00000", // a NaN in the lower half only is still a NaN
    "ffffffff, 7fc00000",
  })
  void roundsToNearestEven(String given, String expected) {
    Matrix m = Matrix.of(1, 1, Float.intBitsToFloat(Integer.parseUnsignedInt(given, 16)));
    Precision.BFLOAT16.round(m);
    assertThat(Integer.toHexString(Float.floatToRawIntBits(m.get(0, 0))))
        .isEqualTo(Integer.toHexString(Integer.parseUnsignedInt(expected, 16)));
  }

  @Test
  void nothingIsNearer() {
    for (int bits = 0x38000000; bits < 0x47000000; bits += 9973) {
      float x = Float.intBitsToFloat(bits);
      Matrix m = Matrix.of(1, 1, x);
      Precision.BFLOAT16.round(m);
      float rounded = m.get(0, 0);
      float below = Float.intBitsToFloat(bits & UPPER);
      float above = Float.intBitsToFloat((bits & UPPER) + 0x10000);
      assertThat(Math.abs((double) x - rounded))
          .isEqualTo(Math.min((double) x - below, (double) above - x));
      assertThat(Float.floatToRawIntBits(rounded) & ~UPPER).isZero();
    }
  }

  @Test
  void float32IsLeftAsItIs() {
    Matrix m = Matrix.of(1, 2, 1.00001f, Float.NaN);
    Precision.FLOAT32.round(m);
    assertThat(m.toArray()).containsExactly(1.00001f, Float.NaN);
  }
}
