package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmCell;
import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What Sluice computes for a {@link GoldenCase}, forward and backward, in the layout of the case.
 *
 * <p>The layout of the case is padded and in the order given, Sluice's is packed: row i of a packed
 * matrix is row {@code rows[i]} of the same matrix in the layout of the case.
 */
final class GoldenRun {
  /**
   * One of the ways in which Sluice can compute the same.
   *
   * @param fused whether a cell's kernel runs, when it has one, or its formula
   */
  record Way(Kernels kernels, boolean fused) {
    /** All of them. */
    static final List<Way> ALL =
        Stream.of("scalar", "vector")
            .map(name -> KernelProvider.choose(name).kernels())
            .flatMap(kernels -> Stream.of(new Way(kernels, false), new Way(kernels, true)))
            .toList();

    Backend backend() {
      return new Backend(kernels, Workers.of(1));
    }

    /** The cell, without its kernel when that is not to run. */
    Cell cell(Cell cell) {
      return fused ? cell : new FormulaOnly(cell);
    }

    @Override
    public String toString() {
      return (fused ? "fused, " : "formula, ") + kernels.name();
    }
  }

  /** A cell without its kernel. */
  private record FormulaOnly(Cell cell) implements Cell {
    @Override
    public String name() {
      return cell.name();
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
    public List<Var> step(Var x, List<Var> state, List<Var> weights) {
      return cell.step(x, state, weights);
    }
  }

  private static final List<String> STATE = List.of("h", "c");

  private final GoldenCase golden;
  private final Packing packing;
  private final int[] sequenceRows; // packed row -> row of (T·B, N)
  private final int[] stateRows; // packed row -> row of (B, H)
  private final Recurrent recurrent;
  private final Parameters parameters;
  private final Tape tape;

  private GoldenRun(GoldenCase golden, Way way) {
    this.golden = golden;
    int batch = golden.lengths().size();
    packing = Packing.of(golden.lengths().stream().mapToInt(n -> n).toArray());
    stateRows = IntStream.range(0, batch).map(packing::given).toArray();
    sequenceRows = new int[packing.rows()];
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        sequenceRows[packing.offset(t) + b] = t * batch + packing.given(b);
      }
    }
    recurrent = new Recurrent("", cells(golden, way), golden.bidirectional(), 0);
    parameters = new Parameters(recurrent.parameters());
    GoldenWeights.load(golden.weights(), parameters);
    tape =
        golden.upstream().isEmpty()
            ? Tape.inference(way.backend(), parameters)
            : Tape.training(way.backend(), parameters);
  }

  /** The tensors that the case expects, as Sluice computes them, and maybe others. */
  static Map<String, GoldenTensor> results(GoldenCase golden, Way way) {
    return new GoldenRun(golden, way).results();
  }

  /** Why the case cannot be run yet; empty when it can. */
  static Optional<String> outOfScope(GoldenCase golden) {
    return cell(golden, 1).isPresent()
        ? Optional.empty()
        : Optional.of("there is no cell \"" + golden.cell() + "\"");
  }

  /** The cell of the case: the one place where a new one is made known. */
  private static Optional<Cell> cell(GoldenCase golden, int inputSize) {
    return switch (golden.cell()) {
      case "LSTM" -> Optional.of(new LstmCell(inputSize, golden.hiddenSize(), golden.bias()));
      default -> Optional.empty();
    };
  }

  private static List<Cell> cells(GoldenCase golden, Way way) {
    List<Cell> cells = new ArrayList<>();
    int inputSize = golden.input().size(2);
    for (int layer = 0; layer < golden.layers(); layer++) {
      Cell cell = cell(golden, inputSize).orElseThrow();
      for (int d = 0; d < golden.directions(); d++) {
        cells.add(way.cell(cell));
      }
      inputSize = golden.directions() * cell.outputSize();
    }
    return cells;
  }

  private Map<String, GoldenTensor> results() {
    Var input = tape.input(packed(golden.input().toMatrix(), sequenceRows));
    PackedSequence x = new PackedSequence(packing, input);
    List<List<Var>> initial = initialStates();
    Recurrent.Result result =
        initial.isEmpty() ? recurrent.forward(x) : recurrent.forward(x, initial);

    Var output = result.output().data();
    Map<String, GoldenTensor> results = new LinkedHashMap<>();
    results.put("output", sequences(output.value(), packing.steps()));
    putStates(results, "%s_n", result.states(), Var::value);
    if (tape.isTraining()) {
      tape.backward(loss(output, result.states()));
      results.put("grad.input", sequences(input.gradient(), golden.input().size(0)));
      putStates(results, "grad.%s0", initial, Var::gradient);
      GoldenWeights.of(parameters, Parameter::gradient)
          .forEach((name, gradient) -> results.put("grad." + name, gradient));
    }
    return results;
  }

  /** One list for each cell; none when the case has no initial state. */
  private List<List<Var>> initialStates() {
    if (golden.initial().isEmpty()) {
      return List.of();
    }
    List<List<Var>> states = new ArrayList<>();
    for (int i = 0; i < recurrent.cells().size(); i++) {
      List<Var> state = new ArrayList<>();
      for (String part : STATE.subList(0, golden.initial().size())) {
        GoldenTensor given = Objects.requireNonNull(golden.initial().get(part + "0"));
        state.add(tape.input(packed(given.part(i).toMatrix(), stateRows)));
      }
      states.add(state);
    }
    return states;
  }

  /** Σ result · upstream over all results, so that the gradient of a result is its upstream. */
  private Var loss(Var output, List<List<Var>> states) {
    Var loss = tape.constant(tape.zeros(1, 1));
    GoldenTensor ofOutput = golden.upstream().get("output");
    if (ofOutput != null) {
      loss = loss.add(weightedSum(output, packed(ofOutput.toMatrix(), sequenceRows)));
    }
    for (int i = 0; i < states.size(); i++) {
      for (int part = 0; part < states.get(i).size(); part++) {
        GoldenTensor ofStates = golden.upstream().get(STATE.get(part) + "_n");
        if (ofStates != null) {
          Matrix weights = packed(ofStates.part(i).toMatrix(), stateRows);
          loss = loss.add(weightedSum(states.get(i).get(part), weights));
        }
      }
    }
    return loss;
  }

  /** Of this sum only the gradient is wanted; its value stays zero. */
  private Var weightedSum(Var v, Matrix weights) {
    Var sum = tape.result(tape.zeros(1, 1), v);
    tape.record(() -> Elementwise.addScaled(sum.gradient().get(0, 0), weights, v.gradient()), sum);
    return sum;
  }

  /** Rows in packed order of a matrix whose rows are in the order of the case. */
  private static Matrix packed(Matrix given, int[] rows) {
    Matrix packed = Matrix.zeros(rows.length, given.cols);
    for (int i = 0; i < rows.length; i++) {
      packed.rowRange(i, i + 1).copyFrom(given.rowRange(rows[i], rows[i] + 1));
    }
    return packed;
  }

  /** The opposite of {@link #packed}: zero where no packed row belongs. */
  private static Matrix given(Matrix packed, int[] rows, int count) {
    Matrix given = Matrix.zeros(count, packed.cols);
    for (int i = 0; i < rows.length; i++) {
      given.rowRange(rows[i], rows[i] + 1).copyFrom(packed.rowRange(i, i + 1));
    }
    return given;
  }

  /** [steps, B, N] */
  private GoldenTensor sequences(Matrix packed, int steps) {
    int batch = packing.batch();
    return GoldenTensor.of(given(packed, sequenceRows, steps * batch))
        .reshape(List.of(steps, batch, packed.cols));
  }

  /** [L·D, B, H] for each part of the states. */
  private void putStates(
      Map<String, GoldenTensor> results,
      String name,
      List<List<Var>> states,
      Function<Var, Matrix> of) {
    int parts = states.isEmpty() ? 0 : states.getFirst().size();
    for (int part = 0; part < parts; part++) {
      List<GoldenTensor> ofCells = new ArrayList<>();
      for (List<Var> state : states) {
        Matrix m = of.apply(state.get(part));
        ofCells.add(GoldenTensor.of(given(m, stateRows, m.rows)));
      }
      results.put(name.formatted(STATE.get(part)), GoldenTensor.stack(ofCells));
    }
  }
}
