package dev.sluice.bench.jmh;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
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

/** Activations and the gates of an LSTM step, on one thread: billions of elements a second. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GatesBenchmark {
  private static final Kernels KERNELS = KernelProvider.choose().kernels();

  /** Rows and units of a step: of a stream, of a small and of a large batch. */
  @Param({"1x128", "20x200", "256x128"})
  public String shape = "";

  private Matrix z = Matrix.zeros(0, 0); // (B, 4H), as it is before activation
  private Matrix gates = Matrix.zeros(0, 0); // (B, 4H)
  private Matrix c = Matrix.zeros(0, 0); // (B, H)
  private Matrix tanhC = Matrix.zeros(0, 0);
  private Matrix h = Matrix.zeros(0, 0);

  /** Makes the operands. */
  @Setup
  public void prepare() {
    int batch = Shapes.sizes(shape)[0];
    int hidden = Shapes.sizes(shape)[1];
    z = Matrix.zeros(batch, 4 * hidden);
    Initializer.uniform(4).fill(z, RandomKey.of(1));
    gates = z.copy();
    c = Matrix.zeros(batch, hidden);
    tanhC = c.copy();
    h = c.copy();
  }

  /** σ of every element of z. */
  @Benchmark
  public float[] sigmoid(Work work) {
    KERNELS.sigmoid(z, gates);
    return done(work, gates);
  }

  /** tanh of every element of z. */
  @Benchmark
  public float[] tanh(Work work) {
    KERNELS.tanh(z, gates);
    return done(work, gates);
  }

  /** eˣ of every element of z. */
  @Benchmark
  public float[] exp(Work work) {
    KERNELS.exp(z, gates);
    return done(work, gates);
  }

  /** The gates of a step, counted by units: each has four gates and a tanh. */
  @Benchmark
  public float[] lstmGates(Work work) {
    gates.copyFrom(z);
    KERNELS.lstmGates(gates, c, tanhC, h);
    return done(work, h);
  }

  private static float[] done(Work work, Matrix result) {
    work.gigaelements += 1e-9 * result.rows * result.cols;
    return result.data;
  }
}
