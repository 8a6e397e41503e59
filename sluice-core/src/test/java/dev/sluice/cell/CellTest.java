package dev.sluice.cell;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.Backend;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every cell by its formula, over ragged batches, directions, providers and threads. */
class CellTest {
  private static final List<Packing> PACKINGS =
      List.of(Packing.of(1), Packing.uniform(4, 3), Packing.of(3, 7, 1, 4));
  private static final Backend SCALAR = new Backend(new ScalarKernels(), Workers.SINGLE);
  private static final Kernels VECTOR = KernelProvider.choose("vector").kernels();
  private static final List<Backend> BACKENDS =
      List.of(new Backend(VECTOR, Workers.SINGLE), new Backend(VECTOR, Workers.of(2)));

  static Stream<Named<CellRun>> runs() {
    return SampleCells.all().entrySet().stream()
        .flatMap(
            cell ->
                PACKINGS.stream()
                    .flatMap(
                        packing ->
                            Stream.of(Direction.values())
                                .map(
                                    d ->
                                        Named.of(
                                            "%s, %d rows, %s"
                                                .formatted(cell.getKey(), packing.rows(), d),
                                            new CellRun(cell.getValue(), packing, d)))));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void providersAndThreadsChangeNoBit(CellRun run) {
    Map<String, Matrix> expected = run.run(SCALAR, false);
    for (Backend backend : BACKENDS) {
      CellRun.assertSameBits(run.run(backend, false), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void aSequenceHasTheSameBitsInEveryBatch(CellRun run) {
    run.assertSequencesAloneEqual(SCALAR);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void keepsItsContract(Cell cell) {
    CellContract.verify(cell);
  }

  static Stream<Named<Cell>> cells() {
    return SampleCells.all().entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
  }
}
