package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A warm training step, from reset to optimizer, allocates nothing that grows with the batch. */
class AllocationTest {
  private static final int VOCABULARY = 20;
  private static final int FEW = 12;
  private static final int MANY = 72;

  /** The least that could grow: one int or float for each sequence. */
  private static final long GROWTH = (MANY - FEW) * (long) Integer.BYTES;

  private final Embedding embedding = new Embedding("embedding", VOCABULARY, 8);
  private final Recurrent recurrent =
      new Recurrent(
          "recurrent",
          List.of(
              new LstmCell(8, 16),
              new GruCell(8, 16),
              new RnnCell(32, 16),
              new LstmVariantCell(32, 16, LstmVariant.TF1)),
          true,
          0);
  private final Dense dense = new Dense("dense", 32, 5);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * In a JVM of its own: what the JIT compiled for other tests would count. On a busy machine it may
   * compile a method between one kind of step and the other, which is worth an object or two.
   */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void warmStep(String provider) throws IOException, InterruptedException {
    String[] bytes = ChildJvm.run(ChildJvm.MODULE, AllocationTest.class, provider).split(" ");
    assertThat(bytes).hasSize(2);
    assertThat(Long.parseLong(bytes[1]) - Long.parseLong(bytes[0]))
        .as("bytes that a step with six times the sequences allocates beyond the other")
        .isLessThan(GROWTH);
  }

  /** Prints the bytes that a step allocates with few sequences, and with many. */
  public static void main(String... args) {
    AllocationTest test = new AllocationTest();
    Kernels kernels = KernelProvider.choose(args[0]).kernels();
    Run small = test.new Run(kernels, Packing.uniform(FEW, 8));
    Run large = test.new Run(kernels, Packing.uniform(MANY, 8));
    for (int i = 0; i < 3000; i++) { // code that is not yet compiled allocates more
      small.step();
      large.step();
    }
    System.out.println(small.leastBytes + " " + large.leastBytes);
  }

  private final class Run {
    private final Packing packing;
    private final int[] tokens;
    private final int[] targets;
    private final Parameters parameters;
    private final Backend backend;
    private final Tape tape;
    private final Optimizer optimizer = new Adam();
    private long leastBytes = Long.MAX_VALUE;

    Run(Kernels kernels, Packing packing) {
      this.packing = packing;
      tokens = IntStream.range(0, packing.rows()).map(i -> i % VOCABULARY).toArray();
      targets = IntStream.range(0, packing.batch()).map(i -> i % 5).toArray();
      List<ParameterSpec> specs = new ArrayList<>(embedding.parameters());
      specs.addAll(recurrent.parameters());
      specs.addAll(dense.parameters());
      parameters = new Parameters(specs);
      parameters.initialize(RandomKey.of(1));
      backend = new Backend(kernels, Workers.SINGLE);
      tape = Tape.training(backend, parameters);
    }

    void step() {
      long before = threads.getCurrentThreadAllocatedBytes();
      tape.reset(RandomKey.of(1));
      Recurrent.Result result =
          recurrent.forward(new PackedSequence(packing, embedding.forward(tape, tokens)));
      List<List<Var>> state = result.state().cells();
      Var last = Var.concat(state.get(2).getFirst(), state.get(3).getFirst());
      tape.backward(CrossEntropy.mean(dense.forward(last.dropout(0.5f)), targets));
      GradientClipping.byNorm(backend, parameters, 1);
      optimizer.step(backend, parameters, 1e-3f);
      leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - before);
    }
  }
}
