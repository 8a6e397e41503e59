package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a formula says is what its cell computes: the text is read and computed with. */
class FormulaTest {
  static Stream<Named<Cell>> cells() {
    Map<String, Cell> cells = new LinkedHashMap<>(SampleCells.all());
    SampleCells.ACTIVATIONS.forEach(f -> cells.put("RNN of " + f, new RnnCell(3, 4, f, true)));
    return cells.entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void saysWhatAStepComputes(Cell cell) {
    Run run = new Run(cell, 20);
    List<Numbers> expected = run.cell(Tape.inference(CellContract.BACKEND, run.parameters));
    List<Numbers> actual = run.formula(Optional.empty());
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      double[][] rows = actual.get(i).rows();
      for (int r = 0; r < rows.length; r++) {
        assertThat(rows[r]).containsExactly(expected.get(i).rows()[r], within(1e-5));
      }
    }
  }

  /** With masks of its own, so that averages over many sequences are the same and no more. */
  @ParameterizedTest
  @MethodSource("dev.sluice.cell.CellTest#cells")
  void saysWhatTrainingDrops(Cell cell) {
    int n = 4000;
    Run run = new Run(cell, n);
    run.repeatFirstSequence();
    double[][] expected = besideOnes(run.cell(Tape.training(CellContract.BACKEND, run.parameters)));
    double[][] actual =
        besideOnes(run.formula(Optional.of(RandomGenerator.of("L64X128MixRandom"))));
    for (int i = 0; i < expected[0].length; i++) {
      for (int j = 0; j <= i; j++) {
        Moment a = Moment.of(actual, i, j);
        Moment e = Moment.of(expected, i, j);
        double error = 6 * Math.sqrt((a.variance + e.variance) / n);
        assertThat(a.mean).as("columns %d and %d", i, j).isCloseTo(e.mean, within(1e-5 + error));
      }
    }
  }

  @Test
  void isShortEnoughToRead() {
    assertThat(new LstmCell(3, 4).formula())
        .isEqualTo(
            """
            z_i, z_f, z_g, z_o = b_ih + b_hh + x·W_ih + h·W_hh
            c' = σ(z_f)⊙c + σ(z_i)⊙tanh(z_g)
            h' = σ(z_o)⊙tanh(c')\
            """);
    for (Cell cell : SampleCells.all().values()) {
      assertThat(cell.formula().lines()).allMatch(line -> line.length() <= 80);
    }
  }

  @Test
  void ofACellWithoutOneIsWhatGoesInAndOut() {
    Cell cell = new Silent(new LstmCell(3, 4, false));
    assertThat(cell.formula()).isEqualTo("y, h', c' = step(x, h, c; weight_ih, weight_hh)");
    assertThat(new ResidualCell(new Silent(new RnnCell(3, 3, Activation.TANH, false))).formula())
        .isEqualTo(
            """
            y_cell, h' = cell(x, h)
            y = x + y_cell
            where cell(x, h) is Silent:
              y, h' = step(x, h; weight_ih, weight_hh)\
            """);
  }

  /** Does as another cell does, and gives no formula. */
  private record Silent(Cell cell) implements Cell {
    @Override
    public String name() {
      return "Silent";
    }

    @Override
    public int inputSize() {
      return cell.inputSize();
    }

    @Override
    public List<Integer> stateSizes() {
      return cell.stateSizes();
    }

    @Override
    public List<ParameterSpec> parameters(String suffix) {
      return cell.parameters(suffix);
    }

    @Override
    public Step step(Var x, List<Var> state, List<Var> weights) {
      return cell.step(x, state, weights);
    }
  }

  /** One step of n sequences, all numbers uniform in ±1: by the cell and by its formula. */
  private static final class Run {
    private final CellTrial trial;
    private final Parameters parameters;

    Run(Cell cell, int n) {
      trial = new CellTrial(cell, Packing.uniform(n, 1), Direction.FORWARD);
      parameters = trial.initialized();
      for (Parameter p : parameters.all()) {
        Initializer.uniform(1).fill(p.value(), RandomKey.of(7).fold(p.name()));
      }
    }

    void repeatFirstSequence() {
      for (Var v : inputs()) {
        for (int r = 1; r < v.rows(); r++) {
          v.value().rowRange(r, r + 1).copyFrom(v.value().rowRange(0, 1));
        }
      }
    }

    List<Numbers> cell(Tape tape) {
      tape.reset(RandomKey.of(3));
      return numbers(CellTrial.results(trial.formula(tape)));
    }

    List<Numbers> formula(Optional<RandomGenerator> training) {
      Map<String, Numbers> weights = new HashMap<>();
      parameters.all().forEach(p -> weights.put(p.name(), Numbers.of(p.value())));
      return FormulaInterpreter.step(trial.cell(), weights, numbers(inputs()), training);
    }

    private List<Var> inputs() {
      Tape tape = Tape.inference(CellContract.BACKEND, parameters);
      List<Var> inputs = new ArrayList<>(trial.initial(tape));
      inputs.addFirst(tape.weight(CellTrial.INPUT));
      return inputs;
    }

    private static List<Numbers> numbers(List<Var> vars) {
      return vars.stream().map(v -> Numbers.of(v.value())).toList();
    }
  }

  /** Mean and variance over rows of the product of two columns. */
  private record Moment(double mean, double variance) {
    static Moment of(double[][] rows, int i, int j) {
      double sum = 0;
      double squares = 0;
      for (double[] row : rows) {
        sum += row[i] * row[j];
        squares += row[i] * row[j] * row[i] * row[j];
      }
      double mean = sum / rows.length;
      return new Moment(mean, Math.max(squares / rows.length - mean * mean, 0));
    }
  }

  /** Output and state side by side, after a column of ones. */
  private static double[][] besideOnes(List<Numbers> results) {
    double[][] rows = new double[results.getFirst().rows().length][];
    for (int r = 0; r < rows.length; r++) {
      int row = r;
      rows[r] =
          Stream.concat(Stream.of(new double[] {1}), results.stream().map(v -> v.rows()[row]))
              .flatMapToDouble(Arrays::stream)
              .toArray();
    }
    return rows;
  }
}
