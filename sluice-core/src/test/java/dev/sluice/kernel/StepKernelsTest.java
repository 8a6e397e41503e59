package dev.sluice.kernel;

import static dev.sluice.kernel.Naive.assertSame;
import static dev.sluice.kernel.Naive.random;
import static dev.sluice.kernel.Naive.twin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.matrix.Matrix;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link StepKernels} promises, bit for bit, for every provider: the row that {@link Kernels} compute. */
@ParameterizedClass
@MethodSource("providers")
class StepKernelsTest {
  private static final int[] DEPTHS = {1, 2, 3, 4, 5, 8, 9, 31, 64, 65, 130};
  private static final int[] UNITS = {
    1, 3, 8, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 80, 96, 127, 128, 129, 160, 200
  };

  private final Kernels rows;
  private final StepKernels kernels;

  StepKernelsTest(Kernels rows) {
    this.rows = rows;
    this.kernels = rows.steps();
  }

  static Stream<Kernels> providers() {
    return Stream.of(new ScalarKernels(), new VectorKernels());
  }

  @Test
  void affineIsTheProductOfOneRow() {
    for (int units : UNITS) {
      for (int depth : DEPTHS) {
        for (boolean bfloat16 : new boolean[] {false, true}) {
          Matrix w = weights(depth, units, bfloat16);
          Matrix b = random("b", 1, units);
          Matrix a = random("a", 1, depth);
          StepWeights packed = kernels.pack(1, b, w, bfloat16);
          Matrix y = Matrix.zeros(1, 3 + packed.layout().paddedUnits());
          for (int panel = packed.layout().panels() - 1; panel >= 0; panel--) {
            kernels.affine(packed, a.data, a.offset, panel, panel + 1, y.data, 3);
          }
          assertSame(
              "%d x %d".formatted(depth, units), y.columnRange(3, 3 + units).copy(), sum(b, a, w));
          assertThat(packed.bytes())
              .isGreaterThanOrEqualTo((long) depth * units * (bfloat16 ? 2 : 4));
        }
      }
    }
  }

  @Test
  void lstmIsTheProductAndTheGatesOfOneRow() {
    for (int units : UNITS) {
      for (float forgetBias : new float[] {0, 1.5f}) {
        for (boolean bfloat16 : new boolean[] {false, true}) {
          checkLstm(units, forgetBias, bfloat16);
        }
      }
    }
  }

  private void checkLstm(int units, float forgetBias, boolean bfloat16) {
    int depth = units + 5;
    Matrix w = weights(depth, 4 * units, bfloat16);
    Matrix b = random("b", 1, 4 * units);
    Matrix a = random("a", 1, depth);
    Matrix c = random("c", 1, units);
    StepWeights packed = kernels.pack(4, b, w, bfloat16);
    StepLayout layout = packed.layout();

    int cAt = 2 + depth;
    int hAt = cAt + layout.paddedUnits() + 1;
    Matrix memory = Matrix.zeros(1, hAt + layout.paddedUnits());
    memory.columnRange(2, cAt).copyFrom(a);
    memory.columnRange(cAt, cAt + units).copyFrom(c);
    for (int panel = layout.panels() - 1; panel >= 0; panel -= 2) {
      int from = Math.max(0, panel - 1);
      kernels.lstm(packed, forgetBias, memory.data, 2, cAt, hAt, from, panel + 1);
    }

    Matrix z = sum(b, a, w);
    for (int j = units; j < 2 * units; j++) {
      z.set(0, j, z.get(0, j) + forgetBias);
    }
    Matrix nextC = c.copy();
    Matrix nextH = Matrix.zeros(1, units);
    rows.lstmGates(z, nextC, Matrix.zeros(1, units), nextH);
    assertSame("c of " + units, memory.columnRange(cAt, cAt + units).copy(), nextC);
    assertSame("h of " + units, memory.columnRange(hAt, hAt + units).copy(), nextH);
    assertSame("x and h of " + units, memory.columnRange(2, cAt).copy(), a.copy());
  }

  @Test
  void gruGatesAreThoseOfOneRow() {
    for (int units : UNITS) {
      Matrix memory = random("memory", 1, 7 * units);
      Matrix zx = memory.columnRange(0, 3 * units).copy();
      Matrix zh = memory.columnRange(3 * units, 6 * units).copy();
      Matrix before = memory.columnRange(6 * units, 7 * units).copy();
      Matrix h = Matrix.zeros(1, units);
      rows.gruGates(zx, zh, before, h);
      int at = memory.offset;
      kernels.gruGates(memory.data, at, at + 3 * units, at + 6 * units, units);
      assertSame("h of " + units, memory.columnRange(6 * units, 7 * units).copy(), h);
    }
  }

  @Test
  void tanhIsThatOfOneFloat() {
    for (int length = 0; length < 70; length++) {
      Matrix y = random("y", 1, length);
      Matrix expected = twin(y);
      for (int j = 0; j < length; j++) {
        expected.set(0, j, Activations.tanh(y.get(0, j)));
      }
      kernels.tanh(y.data, y.offset, length);
      assertSame("tanh of " + length, y, expected);
    }
  }

  /** Zeros that fill a panel up must not meet what is not a number. */
  @Test
  void anInfiniteInputStaysInItsSums() {
    Matrix w = weights(4, 10, true);
    Matrix b = random("b", 1, 10);
    Matrix a = random("a", 1, 4);
    a.set(0, 2, Float.POSITIVE_INFINITY);
    w.set(2, 3, 0);
    StepWeights packed = kernels.pack(1, b, w, true);
    Matrix y = Matrix.zeros(1, packed.layout().paddedUnits());
    kernels.affine(packed, a.data, a.offset, 0, 1, y.data, 0);
    assertSame("y", y.columnRange(0, 10).copy(), sum(b, a, w));
    assertThat(y.get(0, 3)).isNaN();
    assertThat(y.get(0, 4)).isInfinite();
  }

  /** The first calls are interpreted, the last compiled. */
  @Test
  void theJitChangesNoBit() {
    StepWeights packed = kernels.pack(4, random("b", 1, 160), weights(50, 160, true), true);
    float[] memory = new float[200];
    float[] first = memory;
    for (int call = 0; call < 10_000; call++) {
      float[] now = memory.clone();
      now[0] = 1;
      kernels.lstm(packed, 1, now, 0, 50, 100, 0, packed.layout().panels());
      kernels.gruGates(now, 100, 112, 90, 4);
      kernels.tanh(now, 50, 48);
      first = call == 0 ? now : first;
      assertThat(now).as("call %d", call).isEqualTo(first);
    }
  }

  private Matrix sum(Matrix b, Matrix a, Matrix w) {
    Matrix y = b.copy();
    rows.gemm(y, a, rows.pack(w, false), 0, w.cols, y);
    return y;
  }

  private static Matrix weights(int rows, int cols, boolean bfloat16) {
    Matrix w = random("w", rows, cols);
    for (int r = 0; bfloat16 && r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        w.set(r, c, Float.intBitsToFloat(Float.floatToRawIntBits(w.get(r, c)) & 0xFFFF0000));
      }
    }
    return w;
  }
}
