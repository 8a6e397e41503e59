package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.cell.SampleCells;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long sequences in chunks, the state carried from each to the next, against the same sequences in one
 * go: bit for bit, for every cell. Chunks of one step are streaming. Sequences end at different times and
 * are not given in the order of their lengths.
 */
class CarriedStateTest {
  private static final Backend BACKEND =
      new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
  private static final int[] LENGTHS = {3, 7, 1, 6};
  private static final int STEPS = 7;

  /** Layers of one input and their outputs and states, (T·B, ·) and (B, ·). */
  private record Run(Recurrent layers, Parameters parameters, Matrix x) {
    static Run of(Recurrent layers) {
      Parameters parameters = new Parameters(layers.parameters());
      parameters.initialize(RandomKey.of(1), "*", Initializer.uniform(0.5f));
      Matrix x = Matrix.zeros(STEPS * LENGTHS.length, layers.cells().getFirst().inputSize());
      Initializer.uniform(1).fill(x, RandomKey.of(2));
      return new Run(layers, parameters, x);
    }

    /** Outputs of all steps and the parts of the final state, from chunks of {@code length} steps. */
    List<float[]> inChunks(Tape tape, int length) {
      DetachedState carried = layers.zeroState(tape, LENGTHS.length).detach();
      Matrix outputs = Matrix.zeros(x.rows, layers.outputSize());
      boolean[][] mask = PaddedBatch.mask(STEPS, LENGTHS);
      for (int from = 0; from < STEPS; from += length) {
        int to = Math.min(STEPS, from + length);
        tape.reset(RandomKey.of(from));
        PaddedBatch chunk = PaddedBatch.timeMajor(steps(mask, from, to));
        Var input = tape.constant(rows(x, from, to));
        State before = carried.attach(tape);
        Recurrent.Result result = layers.forward(chunk.pack(input), chunk.packState(before));
        Var output = chunk.unpack(result.output(), Fill.ZERO, Direction.FORWARD);
        rows(outputs, from, to).copyFrom(output.value());
        carried = chunk.unpackState(result.state(), before).detach();
      }
      List<float[]> results = new ArrayList<>(List.of(outputs.toArray()));
      carried.cells().forEach(parts -> parts.forEach(part -> results.add(part.toArray())));
      return results;
    }

    private static boolean[][] steps(boolean[][] mask, int from, int to) {
      return Arrays.stream(mask)
          .map(row -> Arrays.copyOfRange(row, from, to))
          .toArray(boolean[][]::new);
    }

    private static Matrix rows(Matrix m, int from, int to) {
      return m.rowRange(from * LENGTHS.length, to * LENGTHS.length);
    }
  }

  static Stream<Map.Entry<String, Recurrent>> layers() {
    Map<String, Recurrent> layers = new TreeMap<>();
    SampleCells.all()
        .forEach((name, cell) -> layers.put(name, new Recurrent("", List.of(cell), false, 0)));
    List<Cell> mixed = List.of(new LstmCell(3, 5), new GruCell(5, 4), new RnnCell(4, 6));
    layers.put("three layers", new Recurrent("rnn", mixed, false, 0.5f));
    return layers.entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void streamedIsWhole(Map.Entry<String, Recurrent> layers) {
    Run run = Run.of(layers.getValue());
    Tape tape = Tape.inference(BACKEND, run.parameters());
    List<float[]> whole = run.inChunks(tape, STEPS);
    for (int length : new int[] {1, 2, 5}) {
      List<float[]> inChunks = run.inChunks(tape, length);
      for (int i = 0; i < whole.size(); i++) {
        assertThat(inChunks.get(i))
            .as("chunks of %d, result %d", length, i)
            .isEqualTo(whole.get(i));
      }
    }
  }

  /** Truncated backpropagation through time: chunks of a training tape see what the whole would. */
  @ParameterizedTest
  @MethodSource("layersWithoutDropout")
  void chunksOfATrainingTapeGiveTheSame(Recurrent layers) {
    Run run = Run.of(layers);
    Tape tape = Tape.training(BACKEND, run.parameters());
    List<float[]> whole = run.inChunks(tape, STEPS);
    List<float[]> inChunks = run.inChunks(tape, 3);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(inChunks.get(i)).isEqualTo(whole.get(i));
    }
  }

  static Stream<Recurrent> layersWithoutDropout() {
    return Stream.of(
        new Recurrent("lstm", List.of(new LstmCell(3, 4), new LstmCell(4, 5)), false, 0),
        new Recurrent("gru", List.of(new GruCell(3, 4), new GruCell(4, 5)), false, 0),
        new Recurrent("rnn", List.of(new RnnCell(3, 4), new RnnCell(4, 5)), false, 0));
  }
}
