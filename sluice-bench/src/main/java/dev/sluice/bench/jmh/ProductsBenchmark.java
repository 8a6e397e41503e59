package dev.sluice.bench.jmh;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PackedMatrix;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The products of recurrent layers, on one thread: GFLOP/s of multiplying (M, K) with packed (K, N), and of the gradient of
 * a weight, (K, M) transposed with (K, N). To be read beside {@link MachineBenchmark#multiplyAdd} of the same run.
 */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ProductsBenchmark {
  /** A product c (M, N) += a · b and what it needs. */
  private record Product(Matrix a, Matrix b, Matrix c) {
    static Product of(String shape, boolean transposed) {
      int[] sizes = Shapes.sizes(shape);
      int m = sizes[0];
      int k = sizes[1];
      int n = sizes[2];
      return new Product(
          transposed ? uniform(k, m) : uniform(m, k), uniform(k, n), Matrix.zeros(m, n));
    }

    private static Matrix uniform(int rows, int cols) {
      Matrix matrix = Matrix.zeros(rows, cols);
      Initializer.uniform(1).fill(matrix, RandomKey.of(rows).fold(cols));
      return matrix;
    }

    double gflop(int depth) {
      return 2e-9 * c.rows * c.cols * depth;
    }
  }

  /** Shapes M x K x N of steps, input products and output layers. */
  @State(Scope.Benchmark)
  public static class Packed {
    @Param({
      "20x200x800",
      "400x200x800",
      "20x650x2600",
      "700x650x2600",
      "32x512x2048",
      "256x128x512",
      "400x200x10000"
    })
    public String shape = "";

    private Product product = Product.of("1x1x1", false);
    private PackedMatrix packed = KERNELS.pack(product.b, false);

    /** Makes the operands. */
    @Setup
    public void prepare() {
      product = Product.of(shape, false);
      packed = KERNELS.pack(product.b, false);
    }
  }

  /** Shapes M x K x N of gradients of weights: K is all steps of all sequences. */
  @State(Scope.Benchmark)
  public static class Transposed {
    @Param({"200x400x800", "128x38400x512"})
    public String shape = "";

    private Product product = Product.of("1x1x1", true);

    /** Makes the operands. */
    @Setup
    public void prepare() {
      product = Product.of(shape, true);
    }
  }

  private static final Kernels KERNELS = KernelProvider.choose().kernels();

  /** c += a · b with b packed. */
  @Benchmark
  public float[] gemm(Packed state, Work work) {
    Product p = state.product;
    KERNELS.gemm(p.c, p.a, state.packed, 0, p.b.cols, p.c);
    work.gflop += p.gflop(p.b.rows);
    return p.c.data;
  }

  /** c += aᵀ · b. */
  @Benchmark
  public float[] gemmTransposed(Transposed state, Work work) {
    Product p = state.product;
    KERNELS.gemmTransposed(List.of(p.a), p.b, List.of(p.c));
    work.gflop += p.gflop(p.b.rows);
    return p.c.data;
  }
}
