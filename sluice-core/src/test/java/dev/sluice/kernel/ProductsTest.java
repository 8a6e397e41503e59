package dev.sluice.kernel;

import static dev.sluice.kernel.Naive.assertSame;
import static dev.sluice.kernel.Naive.random;
import static dev.sluice.kernel.Naive.twin;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.matrix.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductsTest {
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {1, 300, 500},
    {7, 64, 700},
    {50, 100, 40},
    {130, 60, 200},
    {400, 30, 70},
    {25, 5, 900},
    {60, 300, 900} // b is not near: by columns, though there are rows enough
  };

  private final Kernels kernels = new ScalarKernels();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void threadsChangeNoBit(int threads) {
    try (Workers workers = Workers.of(threads)) {
      for (int[] shape : SHAPES) {
        Matrix a = random("a", shape[0], shape[1]);
        Matrix b = random("b", shape[1], shape[2]);
        Matrix c = random("c", shape[0], shape[2]);
        Matrix expected = twin(c);
        Naive.gemm(a, b, 0, b.cols, expected);

        Matrix plain = twin(c);
        Products.gemm(kernels, workers, a, kernels.pack(b, false), plain);
        assertSame("a · b, c " + c, plain, expected);

        Matrix started = random("other", shape[0], shape[2]);
        Matrix around = twin(started);
        around.copyFrom(c.rowRange(0, 1).expand(c.rows));
        Naive.gemm(a, b, 0, b.cols, around);
        Matrix row = c.rowRange(0, 1).expand(c.rows);
        Products.gemm(kernels, workers, row, a, kernels.pack(b, false), started);
        assertSame("row + a · b, c " + c, started, around);

        Matrix transposed = twin(c);
        Products.gemmTransposed(kernels, workers, Naive.transposed(a), b, transposed);
        assertSame("aᵀ · b, c " + c, transposed, expected);

        List<Matrix> both = List.of(twin(c), twin(c));
        Matrix left = Naive.transposed(a);
        Products.gemmTransposed(kernels, workers, List.of(left, left), b, both);
        both.forEach(sums -> assertSame("one of two, c " + c, sums, expected));
      }
    }
  }

  @Test
  void shapesThatDoNotFit() {
    Matrix a = Matrix.zeros(20, 200);
    PackedMatrix packed = kernels.pack(Matrix.zeros(100, 800), false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Products.gemm(kernels, Workers.SINGLE, a, packed, Matrix.zeros(20, 800)))
        .withMessage(
            "a · b: a is (20, 200), b is (100, 800); expected that the columns of a are the rows of"
                + " b");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Products.gemm(
                    kernels, Workers.SINGLE, Matrix.zeros(20, 100), packed, Matrix.zeros(20, 80)))
        .withMessage("c of a · b: expected (20, 800), got (20, 80)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Products.gemmTransposed(
                    kernels, Workers.SINGLE, a, Matrix.zeros(21, 8), Matrix.zeros(200, 8)))
        .withMessage(
            "aᵀ · b: a is (20, 200), b is (21, 8); expected that a and b have the same number of"
                + " rows");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Products.gemmTransposed(
                    kernels, Workers.SINGLE, a, Matrix.zeros(20, 8), Matrix.zeros(20, 8)))
        .withMessage("c += aᵀ · b: expected (200, 8), got (20, 8)");
  }
}
