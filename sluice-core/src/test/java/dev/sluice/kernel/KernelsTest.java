package dev.sluice.kernel;

import static dev.sluice.kernel.Naive.assertSame;
import static dev.sluice.kernel.Naive.random;
import static dev.sluice.kernel.Naive.twin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.matrix.Matrix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Kernels} promises, bit for bit, for every provider. */
@ParameterizedClass
@MethodSource("providers")
class KernelsTest {
  private static final int[] DEPTHS = {0, 1, 2, 3, 4, 5, 7, 8, 31, 63, 64, 65, 255, 256, 257, 300};
  private static final int[] COLUMNS = {
    1, 2, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 96, 100, 127, 128, 129,
    200
  };

  private static final int[] UNITS = {1, 3, 4, 5, 8, 15, 16, 17, 40, 64, 65};

  private final Kernels kernels;

  KernelsTest(Kernels kernels) {
    this.kernels = kernels;
  }

  static Stream<Kernels> providers() {
    return Stream.of(new ScalarKernels(), new VectorKernels());
  }

  /**
   * Every number of rows with every number of columns, every depth with every number of columns.
   */
  @Test
  void gemmIsTheTripleLoop() {
    for (int cols : COLUMNS) {
      for (int rows = 1; rows <= 20; rows++) {
        checkGemm(rows, DEPTHS[(rows + cols) % DEPTHS.length], cols);
      }
      for (int depth : DEPTHS) {
        checkGemm(1 + (depth + cols) % 13, depth, cols);
      }
    }
  }

  private void checkGemm(int rows, int depth, int cols) {
    Matrix a = random("a", rows, depth);
    Matrix b = random("b", depth, cols);
    Matrix c = random("c", rows, cols);
    Matrix expected = twin(c);
    Naive.gemm(a, b, 0, cols, expected);
    String shape = "%d x %d x %d".formatted(rows, depth, cols);

    Matrix plain = twin(c);
    kernels.gemm(plain, a, kernels.pack(b, false), 0, cols, plain);
    assertSame("a · b, " + shape, plain, expected);

    Matrix transposed = twin(c);
    kernels.gemm(transposed, a, kernels.pack(Naive.transposed(b), true), 0, cols, transposed);
    assertSame("b packed transposed, " + shape, transposed, expected);

    Matrix row = c.rowRange(0, 1);
    Matrix started = random("other", rows, cols);
    Matrix expectedOfRow = twin(started);
    expectedOfRow.copyFrom(row.expand(rows));
    Naive.gemm(a, b, 0, cols, expectedOfRow);
    kernels.gemm(row.expand(rows), a, kernels.pack(b, false), 0, cols, started);
    assertSame("row + a · b, " + shape, started, expectedOfRow);

    Matrix aTransposed = Naive.transposed(a);
    Matrix byColumns = twin(c);
    kernels.gemmTransposed(List.of(aTransposed), b, List.of(byColumns));
    assertSame("aᵀ · b, " + shape, byColumns, expected);
  }

  @Test
  void gemmOfColumnsLeavesTheOthersAlone() {
    checkColumns(33);
    checkColumns(0);
  }

  private void checkColumns(int depth) {
    int cols = 1200;
    Matrix a = random("a", 7, depth);
    Matrix b = random("b", depth, cols);
    Matrix start = random("start", 7, cols);
    PackedMatrix packed = kernels.pack(b, false);
    int[][] ranges = {
      {0, 64}, {64, 192}, {448, 576}, {512, 1024}, {1024, cols}, {1152, cols}, {128, 128}
    };
    for (int[] range : ranges) {
      Matrix c = random("c", 7, cols);
      Matrix expected = twin(c);
      Naive.gemm(a, b, range[0], range[1], expected);
      kernels.gemm(c, a, packed, range[0], range[1], c);
      assertSame("columns %d to %d".formatted(range[0], range[1]), c, expected);

      int width = range[1] - range[0];
      expected.columnRange(range[0], range[1]).copyFrom(start.columnRange(range[0], range[1]));
      Naive.gemm(a, b, range[0], range[1], expected);
      kernels.gemm(start, a, packed, range[0], range[1], c);
      assertSame("start + %d columns from %d".formatted(width, range[0]), c, expected);
    }
  }

  @Test
  void manyColumnsAndADeepSumCrossEveryBlock() {
    checkGemm(5, 2100, 530);
    checkGemm(1100, 3, 70);
    checkGemm(400, 1030, 65);
  }

  /** More than a megabyte of weights, and every number of rows that is cut in another way for them. */
  @Test
  void largeWeightsWithAFewRowsAreTheTripleLoop() {
    for (int rows = 7; rows <= 24; rows++) {
      checkGemm(rows, 514, 515);
    }
    checkGemm(64, 520, 544);
    checkGemm(65, 520, 544);
  }

  @Test
  void productsThatShareTheirRightOperandAreEachTheTripleLoop() {
    Matrix b = random("b", 530, 150);
    List<Matrix> left = List.of(random("a", 9, 530), random("a", 1030, 530), random("a", 1, 530));
    List<Matrix> sums = left.stream().map(a -> random("c", a.rows, 150)).toList();
    List<Matrix> expected = sums.stream().map(Naive::twin).toList();
    for (int i = 0; i < left.size(); i++) {
      Naive.gemm(left.get(i), b, 0, 150, expected.get(i));
    }
    kernels.gemmTransposed(left.stream().map(Naive::transposed).toList(), b, sums);
    for (int i = 0; i < left.size(); i++) {
      assertSame("product " + i, sums.get(i), expected.get(i));
    }
  }

  @Test
  void addIsElementByElementAndNothingBeyond() {
    for (int length = 0; length < 70; length++) {
      Matrix x = random("x", 1, length + 3);
      Matrix y = random("y", 1, length + 5);
      Matrix expected = twin(y);
      for (int i = 0; i < length; i++) {
        expected.set(0, 2 + i, y.get(0, 2 + i) + x.get(0, 1 + i));
      }
      kernels.add(x.data, x.offset + 1, y.data, y.offset + 2, length);
      assertSame("sum of " + length, y, expected);
    }
  }

  @Test
  void negligibleNumbersBecomeZero() {
    float limit = Kernels.NEGLIGIBLE;
    float[] values = {
      limit, -limit, Math.nextDown(limit), -Math.nextDown(limit), 1e-45f, -0f, 1, Float.NaN
    };
    Matrix x = random("x", 5, 43);
    for (int i = 0; i < 5 * 43; i++) {
      x.set(i / 43, i % 43, values[i % values.length]);
    }
    Matrix expected = twin(x);
    for (int i = 0; i < 5 * 43; i++) {
      float v = expected.get(i / 43, i % 43);
      expected.set(i / 43, i % 43, v > -limit && v < limit ? 0 : v);
    }
    kernels.dropNegligible(x);
    assertSame("negligible", x, expected);
  }

  @Test
  void packedMatrixKnowsItsShapeAndCanBeFilledAgain() {
    Matrix b = random("b", 21, 70);
    PackedMatrix packed = kernels.pack(random("before", 21, 70), false);
    kernels.repack(Naive.transposed(b), true, packed, 0, 64);
    kernels.repack(Naive.transposed(b), true, packed, 64, 70);
    assertThat(packed.rows()).isEqualTo(21);
    assertThat(packed.cols()).isEqualTo(70);
    Matrix a = random("a", 3, 21);
    Matrix c = random("c", 3, 70);
    Matrix expected = twin(c);
    Naive.gemm(a, b, 0, 70, expected);
    kernels.gemm(c, a, packed, 0, 70, c);
    assertSame("repacked", c, expected);
  }

  /** A product with a padded or repeated row would turn -0 into +0 or spread a NaN. */
  @Test
  void specialValuesStayInTheirElements() {
    float[] special = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 0f, 1e38f, 1e-45f
    };
    for (int depth : new int[] {1, 3, 4, 6}) {
      Matrix a = random("a", 7, depth);
      Matrix b = random("b", depth, 70);
      Matrix c = random("c", 7, 70);
      a.rowRange(1, 2).fill(0);
      a.rowRange(2, 3).fill(-0f);
      c.fill(-0f);
      for (int i = 0; i < special.length; i++) {
        a.set(i, depth - 1, special[i]);
        b.set(0, 9 * i + 3, special[i]);
        c.set(special.length - 1 - i, 64 + i % 6, special[i]);
      }
      Matrix expected = twin(c);
      Naive.gemm(a, b, 0, 70, expected);
      Matrix byColumns = twin(c);
      kernels.gemmTransposed(List.of(Naive.transposed(a)), b, List.of(byColumns));
      kernels.gemm(c, a, kernels.pack(b, false), 0, 70, c);
      assertSame("gemm", c, expected);
      assertSame("gemmTransposed", byColumns, expected);
    }
  }

  @Test
  void activationsAreThoseOfOneFloat() {
    for (int cols : new int[] {1, 3, 4, 7, 8, 15, 16, 17, 33, 100}) {
      Matrix x = random("x", 4, cols);
      for (int c = 0; c < cols; c++) {
        x.set(1, c, x.get(1, c) * 60);
        x.set(2, c, x.get(2, c) * 1e-6f);
        x.set(3, c, SPECIAL[c % SPECIAL.length]);
      }
      checkActivation("exp", x, kernels::exp, Activations::exp);
      checkActivation("sigmoid", x, kernels::sigmoid, Activations::sigmoid);
      checkActivation("tanh", x, kernels::tanh, Activations::tanh);
    }
  }

  private static final float[] SPECIAL = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    -0f,
    0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    88.72f,
    88.73f,
    -87.3f,
    -103.9f,
    -104.1f,
    9.01f,
    -9.01f,
    1e-39f
  };

  private interface MatrixFunction {
    void apply(Matrix x, Matrix y);
  }

  private interface FloatFunction {
    float apply(float x);
  }

  private static void checkActivation(
      String name, Matrix x, MatrixFunction kernel, FloatFunction one) {
    Matrix y = random("y", x.rows, x.cols);
    Matrix expected = twin(y);
    Matrix expectedInPlace = twin(x);
    for (int r = 0; r < x.rows; r++) {
      for (int c = 0; c < x.cols; c++) {
        expected.set(r, c, one.apply(x.get(r, c)));
        expectedInPlace.set(r, c, expected.get(r, c));
      }
    }
    kernel.apply(x, y);
    assertSame(name + " of " + x, y, expected);

    Matrix inPlace = twin(x);
    kernel.apply(inPlace, inPlace);
    assertSame(name + " in place of " + x, inPlace, expectedInPlace);
  }

  @Test
  void lstmGatesAreTheFormula() {
    for (int units : UNITS) {
      Matrix z = random("z", 3, 4 * units);
      Matrix c = random("c", 3, units);
      Matrix tanhC = random("tanhC", 3, units);
      Matrix h = random("h", 3, units);
      Matrix gates = twin(z);
      Matrix cell = twin(c);
      Matrix cellTanh = twin(tanhC);
      Matrix out = twin(h);
      for (int r = 0; r < 3; r++) {
        for (int j = 0; j < units; j++) {
          float i = Activations.sigmoid(z.get(r, j));
          float f = Activations.sigmoid(z.get(r, units + j));
          float g = Activations.tanh(z.get(r, 2 * units + j));
          float o = Activations.sigmoid(z.get(r, 3 * units + j));
          float kept = f * c.get(r, j);
          float added = i * g;
          gates.set(r, j, i);
          gates.set(r, units + j, f);
          gates.set(r, 2 * units + j, g);
          gates.set(r, 3 * units + j, o);
          cell.set(r, j, kept + added);
          cellTanh.set(r, j, Activations.tanh(kept + added));
          out.set(r, j, o * cellTanh.get(r, j));
        }
      }
      kernels.lstmGates(z, c, tanhC, h);
      assertSame("gates", z, gates);
      assertSame("c", c, cell);
      assertSame("tanh(c)", tanhC, cellTanh);
      assertSame("h", h, out);
    }
  }

  @Test
  void lstmGatesBackwardIsTheFormula() {
    for (int units : UNITS) {
      Matrix gates = random("gates", 3, 4 * units);
      Matrix cBefore = random("cBefore", 3, units);
      Matrix tanhC = random("tanhC", 3, units);
      Matrix dh = random("dh", 3, units);
      Matrix dc = random("dc", 3, units);
      Matrix dz = twin(gates);
      Matrix dcBefore = twin(dc);
      for (int r = 0; r < 3; r++) {
        for (int j = 0; j < units; j++) {
          float i = gates.get(r, j);
          float f = gates.get(r, units + j);
          float g = gates.get(r, 2 * units + j);
          float o = gates.get(r, 3 * units + j);
          float t = tanhC.get(r, j);
          float dCell = dc.get(r, j) + (dh.get(r, j) * o) * (1 - t * t);
          dz.set(r, j, (dCell * g) * (i * (1 - i)));
          dz.set(r, units + j, (dCell * cBefore.get(r, j)) * (f * (1 - f)));
          dz.set(r, 2 * units + j, (dCell * i) * (1 - g * g));
          dz.set(r, 3 * units + j, (dh.get(r, j) * t) * (o * (1 - o)));
          dcBefore.set(r, j, dCell * f);
        }
      }
      kernels.lstmGatesBackward(gates, cBefore, tanhC, dh, dc);
      assertSame("gradient of z", gates, dz);
      assertSame("gradient of c", dc, dcBefore);
    }
  }

  @Test
  void gruGatesAreTheFormula() {
    for (int units : UNITS) {
      Matrix zx = random("zx", 3, 3 * units);
      Matrix zh = random("zh", 3, 3 * units);
      Matrix hBefore = random("hBefore", 3, units);
      Matrix h = random("h", 3, units);
      Matrix gates = twin(zx);
      Matrix zhAfter = twin(zh);
      Matrix out = twin(h);
      for (int row = 0; row < 3; row++) {
        for (int j = 0; j < units; j++) {
          float r = Activations.sigmoid(zx.get(row, j) + zh.get(row, j));
          float z = Activations.sigmoid(zx.get(row, units + j) + zh.get(row, units + j));
          float reset = r * zh.get(row, 2 * units + j);
          float n = Activations.tanh(zx.get(row, 2 * units + j) + reset);
          float renewed = (1 - z) * n;
          float kept = z * hBefore.get(row, j);
          gates.set(row, j, r);
          gates.set(row, units + j, z);
          gates.set(row, 2 * units + j, n);
          out.set(row, j, renewed + kept);
        }
      }
      kernels.gruGates(zx, zh, hBefore, h);
      assertSame("gates", zx, gates);
      assertSame("zh", zh, zhAfter);
      assertSame("h", h, out);
    }
  }

  @Test
  void gruGatesBackwardIsTheFormula() {
    for (int units : UNITS) {
      Matrix gates = random("gates", 3, 3 * units);
      Matrix zh = random("zh", 3, 3 * units);
      Matrix hBefore = random("hBefore", 3, units);
      Matrix dh = random("dh", 3, units);
      Matrix dhBefore = random("dhBefore", 3, units);
      Matrix dzx = twin(gates);
      Matrix dzh = twin(zh);
      Matrix dhAfter = twin(dh);
      Matrix direct = twin(dhBefore);
      for (int row = 0; row < 3; row++) {
        for (int j = 0; j < units; j++) {
          float r = gates.get(row, j);
          float z = gates.get(row, units + j);
          float n = gates.get(row, 2 * units + j);
          float dOut = dh.get(row, j);
          float fromKept = dOut * hBefore.get(row, j);
          float fromRenewed = dOut * n;
          float dn = (dOut * (1 - z)) * (1 - n * n);
          float dz = (fromKept - fromRenewed) * (z * (1 - z));
          float dr = (dn * zh.get(row, 2 * units + j)) * (r * (1 - r));
          dzx.set(row, j, dr);
          dzx.set(row, units + j, dz);
          dzx.set(row, 2 * units + j, dn);
          dzh.set(row, j, dr);
          dzh.set(row, units + j, dz);
          dzh.set(row, 2 * units + j, dn * r);
          direct.set(row, j, dOut * z);
        }
      }
      kernels.gruGatesBackward(gates, zh, hBefore, dh, dhBefore);
      assertSame("gradient of zx", gates, dzx);
      assertSame("gradient of zh", zh, dzh);
      assertSame("gradient of h", dh, dhAfter);
      assertSame("direct gradient of hBefore", dhBefore, direct);
    }
  }

  /** The first calls are interpreted, the last compiled. */
  @Test
  void theJitChangesNoBit() {
    Matrix a = random("a", 7, 37);
    PackedMatrix b = kernels.pack(random("b", 37, 100), false);
    Matrix z = random("z", 7, 100);
    Matrix first = Matrix.zeros(1, 1);
    float firstSum = 0;
    for (int call = 0; call < 10_000; call++) {
      Matrix y = twin(z);
      kernels.gemm(y, a, b, 0, 100, y);
      kernels.gemmTransposed(List.of(y.columnRange(0, 7)), y, List.of(y.rowRange(0, 7).copy()));
      Matrix c = y.columnRange(0, 25).copy();
      Matrix h = Matrix.zeros(7, 25);
      kernels.lstmGates(y, c, h, h.copy());
      kernels.exp(c, c);
      kernels.lstmGatesBackward(y, h, c, h.copy(), c);
      Matrix zh = y.columnRange(25, 100).copy();
      kernels.gruGates(y.columnRange(0, 75), zh, c, h);
      kernels.gruGatesBackward(y.columnRange(0, 75), zh, c, h, y.columnRange(75, 100));
      float sum = kernels.sum(y.data, 0, y.data.length);
      if (call == 0) {
        first = y;
        firstSum = sum;
      }
      assertSame("call " + call, y, first);
      assertThat(sum).as("sum in call %d", call).isEqualTo(firstSum);
    }
  }
}
