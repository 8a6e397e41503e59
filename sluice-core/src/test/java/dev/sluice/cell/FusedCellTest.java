package dev.sluice.cell;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel against the formula of its cell, over shapes, ragged batches, directions, providers and threads. */
class FusedCellTest {
  private static final int[] INPUTS = {1, 3, 16, 33};
  private static final int[] HIDDEN = {1, 7, 16, 21, 64};
  private static final List<Packing> PACKINGS =
      List.of(
          Packing.of(1),
          Packing.of(5),
          Packing.of(1, 1, 1),
          Packing.uniform(4, 3),
          Packing.of(3, 7, 1, 4),
          Packing.of(2, 9, 9, 1, 5, 1, 3, 3, 3, 8, 2, 6, 4, 4, 7, 1, 2, 5, 9));
  private static final Kernels VECTOR = KernelProvider.choose("vector").kernels();
  private static final List<Backend> BACKENDS =
      List.of(
          new Backend(new ScalarKernels(), Workers.of(2)),
          new Backend(VECTOR, Workers.SINGLE),
          new Backend(VECTOR, Workers.of(2)),
          new Backend(VECTOR, Workers.of(5)));

  static Stream<CellRun> cases() {
    Stream<CellRun> small =
        cells().flatMap(cell -> PACKINGS.stream().flatMap(packing -> bothWays(cell, packing)));
    Packing chunks = Packing.of(140, 210, 160, 180, 120); // two chunks or more
    Stream<CellRun> large = // threads share steps, not sequences
        Stream.of(new LstmCell(3, 350), new GruCell(3, 350, true, true))
            .flatMap(cell -> bothWays(cell, chunks));
    return Stream.concat(small, large);
  }

  private static Stream<CellRun> bothWays(Cell cell, Packing packing) {
    return Stream.of(Direction.values()).map(direction -> new CellRun(cell, packing, direction));
  }

  /** Each size of input with each number of units, and for each of these every kind of cell. */
  private static Stream<Cell> cells() {
    return IntStream.of(HIDDEN)
        .boxed()
        .flatMap(hidden -> IntStream.of(INPUTS).boxed().flatMap(input -> cells(input, hidden)));
  }

  private static Stream<Cell> cells(int input, int hidden) {
    boolean bias = hidden != 7;
    return Stream.of(
        new LstmCell(input, hidden, bias),
        new LstmVariantCell(input, hidden, LstmVariant.TF1),
        new GruCell(input, hidden, true, bias),
        new RnnCell(input, hidden, Activation.TANH, bias),
        new RnnCell(input, hidden, Activation.RELU, bias));
  }

  /** What has no kernel runs by its formula: this is the list, so that no one loses a kernel unseen. */
  @Test
  void cellsWithAKernel() {
    List<String> names = new ArrayList<>();
    SampleCells.all().forEach((name, cell) -> cell.kernel().ifPresent(kernel -> names.add(name)));
    assertThat(names)
        .containsExactly(
            "LSTM",
            "LSTM without bias",
            "RNN",
            "RNN relu",
            "RNN softsign without bias",
            "GRU reset after",
            "GRU reset after without bias",
            "LSTM with nothing",
            "LSTM with no bias",
            "LSTM with forget bias");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernelEqualsFormula(CellRun run) {
    Map<String, Matrix> formula = run.run(new Backend(new ScalarKernels(), Workers.SINGLE), false);
    Map<String, Matrix> fused = run.run(new Backend(new ScalarKernels(), Workers.SINGLE), true);
    assertThat(fused.keySet()).isEqualTo(formula.keySet());
    float bound = roundings(run.packing(), formula);
    fused.forEach(
        (name, m) -> {
          Matrix expected = requireNonNull(formula.get(name));
          if (isSumInAnotherOrder(run.direction(), name)) {
            assertClose(name, m, expected, bound);
          } else {
            CellRun.assertSameBits(name, m, expected);
          }
        });
  }

  /** A subnormal number anywhere would make training slow; the loss depends on the last step alone. */
  @Test
  void gradientsVanishInLongSequencesWithoutSubnormalNumbers() {
    for (boolean fused : new boolean[] {false, true}) {
      for (Cell cell : cells(3, 17).toList()) {
        CellRun run = new CellRun(cell, Packing.of(900, 700), Direction.FORWARD);
        Matrix dx = run.inputGradientOfFinalState(new Backend(VECTOR, Workers.SINGLE), fused);
        for (float v : dx.toArray()) {
          assertThat(v == 0 || Math.abs(v) >= Float.MIN_NORMAL).as("%s of %s", v, cell).isTrue();
        }
        assertThat(dx.get(dx.rows - 1, 0)).isNotZero();
        assertThat(dx.get(0, 0)).isZero();
      }
    }
  }

  /** Here gradients of weights are no exception. */
  @ParameterizedTest
  @MethodSource("cases")
  void providersAndThreadsChangeNoBit(CellRun run) {
    Map<String, Matrix> expected = run.run(new Backend(new ScalarKernels(), Workers.SINGLE), true);
    for (Backend backend : BACKENDS) {
      CellRun.assertSameBits(run.run(backend, true), expected);
    }
  }

  /** A sequence alone gives what it gives in a batch. */
  @ParameterizedTest
  @MethodSource("cases")
  void aSequenceHasTheSameBitsInEveryBatch(CellRun run) {
    run.assertSequencesAloneEqual(new Backend(VECTOR, Workers.SINGLE));
  }

  /**
   * Gradients of weights when reading forward are: a backward of the formula adds the last step first, a
   * kernel the first one. And gradients of biases, which a formula may sum up step by step.
   */
  private static boolean isSumInAnotherOrder(Direction direction, String name) {
    return name.contains("bias") || (name.contains("weight") && direction == Direction.FORWARD);
  }

  /**
   * How far a sum over the rows may be apart in two orders: each has a rounding for each row, of half an
   * ulp of a partial sum. Partial sums are of the size of the largest gradient of a weight.
   */
  private static float roundings(Packing packing, Map<String, Matrix> results) {
    float largest = 0;
    for (Map.Entry<String, Matrix> result : results.entrySet()) {
      if (result.getKey().contains("weight") || result.getKey().contains("bias")) {
        for (float v : result.getValue().toArray()) {
          largest = Math.max(largest, Math.abs(v));
        }
      }
    }
    return 2 * packing.rows() * 0x1p-24f * largest;
  }

  private static void assertClose(String name, Matrix actual, Matrix expected, float bound) {
    for (int r = 0; r < actual.rows; r++) {
      for (int c = 0; c < actual.cols; c++) {
        assertThat(Math.abs(actual.get(r, c) - expected.get(r, c)))
            .as("%s (%d, %d)", name, r, c)
            .isLessThanOrEqualTo(bound);
      }
    }
  }
}
