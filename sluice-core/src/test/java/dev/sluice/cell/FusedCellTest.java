package dev.sluice.cell;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.Backend;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    return Arrays.stream(inputsAndHidden())
        .flatMap(
            size ->
                PACKINGS.stream()
                    .flatMap(
                        packing ->
                            Stream.of(Direction.values())
                                .map(
                                    d ->
                                        new CellRun(
                                            new LstmCell(size[0], size[1], size[1] != 7),
                                            packing,
                                            d))));
  }

  private static int[][] inputsAndHidden() {
    int[][] sizes = new int[INPUTS.length * HIDDEN.length][];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = new int[] {INPUTS[i / HIDDEN.length], HIDDEN[i % HIDDEN.length]};
    }
    return sizes;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernelEqualsFormula(CellRun run) {
    Map<String, Matrix> formula = run.run(new Backend(new ScalarKernels(), Workers.SINGLE), false);
    Map<String, Matrix> fused = run.run(new Backend(new ScalarKernels(), Workers.SINGLE), true);
    assertThat(fused.keySet()).isEqualTo(formula.keySet());
    fused.forEach(
        (name, m) -> assertEqual(run.packing(), name, m, requireNonNull(formula.get(name))));
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

  /** Bit for bit, but for gradients of weights: those are one long sum, taken in another order. */
  private static void assertEqual(Packing packing, String name, Matrix actual, Matrix expected) {
    if (!name.contains("weight") && !name.contains("bias")) {
      CellRun.assertSameBits(name, actual, expected);
      return;
    }
    // n roundings, each at most half an ulp of a partial sum, in two orders; partial sums are of
    // the size of the largest element
    float bound = packing.rows() * 0x1p-24f * largest(expected);
    for (int r = 0; r < actual.rows; r++) {
      for (int c = 0; c < actual.cols; c++) {
        assertThat(Math.abs(actual.get(r, c) - expected.get(r, c)))
            .as("%s (%d, %d)", name, r, c)
            .isLessThanOrEqualTo(bound);
      }
    }
  }

  private static float largest(Matrix m) {
    float largest = 0;
    for (float v : m.toArray()) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }
}
