package dev.sluice.bench.jmh;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.StepKernels;
import dev.sluice.kernel.StepWeights;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The product of one step of a stream, with weights in float32, in bfloat16, and, what Sluice does
 * not have, in int8: whether a fourth of the memory is worth the widening.
 */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WeightFormatsBenchmark {
  private static final StepKernels KERNELS = KernelProvider.choose().kernels().steps();
  private static final int LINE = 64;

  /** Inputs and recurrent inputs by columns: the layers of I1, of S2 and of I2. */
  @Param({"192x512", "512x1024", "1024x2048"})
  public String shape = "";

  private float[] a = {};
  private float[] y = {};
  private StepWeights float32 = KERNELS.pack(1, Matrix.zeros(1, 1), Matrix.zeros(1, 1), false);
  private StepWeights bfloat16 = float32;
  private MemorySegment int8 = MemorySegment.NULL;
  private float[] scales = {}; // of columns

  /** Makes the operands: weights that are bfloat16 numbers, so that all formats can hold them or nearly. */
  @Setup
  public void prepare() {
    int depth = Shapes.sizes(shape)[0];
    int columns = Shapes.sizes(shape)[1];
    Matrix w = Matrix.zeros(depth, columns);
    Initializer.uniform(0.1f).fill(w, RandomKey.of(1));
    for (int i = 0; i < w.data.length; i++) {
      w.data[i] = Float.intBitsToFloat(Float.floatToRawIntBits(w.data[i]) & 0xFFFF0000);
    }
    a = new float[depth];
    Initializer.uniform(1).fill(Matrix.window(a, 0, 1, depth), RandomKey.of(2));
    y = new float[columns];
    Matrix bias = Matrix.zeros(1, columns);
    float32 = KERNELS.pack(1, bias, w, false);
    bfloat16 = KERNELS.pack(1, bias, w, true);
    quantize(w);
  }

  /** Strips of {@link Int8Strip#COLUMNS}, row after row; the same scale for all columns. */
  private void quantize(Matrix w) {
    int8 = Arena.ofAuto().allocate((long) w.rows * w.cols, LINE);
    scales = new float[w.cols];
    Arrays.fill(scales, 0.1f / Byte.MAX_VALUE);
    for (int column = 0; column < w.cols; column++) {
      int strip = column / Int8Strip.COLUMNS * Int8Strip.COLUMNS;
      int place = Int8Strip.place(column - strip);
      for (int k = 0; k < w.rows; k++) {
        int8.set(
            ValueLayout.JAVA_BYTE,
            (long) strip * w.rows + (long) k * Int8Strip.COLUMNS + place,
            (byte) Math.round(w.get(k, column) / scales[column]));
      }
    }
  }

  /** Four bytes for each weight. */
  @Benchmark
  public float[] float32(Work work) {
    return affine(float32, work);
  }

  /** Two bytes. */
  @Benchmark
  public float[] bfloat16(Work work) {
    return affine(bfloat16, work);
  }

  private float[] affine(StepWeights weights, Work work) {
    KERNELS.affine(weights, a, 0, 0, weights.layout().panels(), y, 0);
    work.gigabytes += 1e-9 * weights.bytes();
    return y;
  }

  /** One byte, and a scale for each column. */
  @Benchmark
  public float[] int8(Work work) {
    for (int column = 0; column < y.length; column += Int8Strip.COLUMNS) {
      Int8Strip.multiply(int8, (long) column * a.length, a, scales, y, column);
    }
    work.gigabytes += 1e-9 * int8.byteSize();
    return y;
  }
}
