package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellWrapper;
import dev.sluice.cell.Direction;
import dev.sluice.cell.DropoutCell;
import dev.sluice.cell.Stepper;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.ConcatenatedState;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
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
import java.util.Set;
import java.util.stream.Stream;

/** What Sluice computes for a {@link GoldenCase}, forward and backward, in the layout of the case. */
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
      return !fused && cell.kernel().isPresent() ? new FormulaOnly(cell) : cell;
    }

    @Override
    public String toString() {
      return (fused ? "fused, " : "formula, ") + kernels.name();
    }
  }

  /** A cell without its kernel. */
  private record FormulaOnly(Cell cell) implements CellWrapper {
    @Override
    public String name() {
      return cell.name();
    }

    @Override
    public Stepper begin(Tape tape, int batch, List<Var> weights) {
      return cell.begin(tape, batch, weights);
    }
  }

  private static final Set<String> SEQUENCES =
      Set.of("output", "output forward", "output backward");

  private final GoldenCase golden;
  private final Edge edge;
  private final PaddedBatch batch;
  private final Recurrent recurrent;
  private final Parameters parameters;
  private final Tape tape;
  private final Var input; // (T·B, I)
  private final State initial;
  private final Map<String, Var> results = new LinkedHashMap<>();

  private GoldenRun(GoldenCase golden, Way way) {
    this.golden = golden;
    edge = golden.edge();
    batch = edge.batch();
    List<Cell> cells = golden.cells().stream().map(way::cell).toList();
    recurrent = new Recurrent("", cells, golden.bidirectional(), 0);
    parameters = new Parameters(recurrent.parameters());
    GoldenWeights.load(golden.weights(), parameters);
    tape =
        isTraining(golden)
            ? Tape.training(way.backend(), parameters)
            : Tape.inference(way.backend(), parameters);
    input = tape.input(golden.input().toMatrix());
    initial = initialState();
  }

  /** The tensors that the case expects, as Sluice computes them, and maybe others. */
  static Map<String, GoldenTensor> results(GoldenCase golden, Way way) {
    return new GoldenRun(golden, way).results();
  }

  /** Dropout drops in training only. */
  private static boolean isTraining(GoldenCase golden) {
    return !golden.upstream().isEmpty()
        || golden.cells().stream().anyMatch(DropoutCell.class::isInstance);
  }

  private Map<String, GoldenTensor> results() {
    State state = initial;
    for (int call = 0; call < edge.calls(); call++) {
      state = run(state);
    }
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    results.forEach((name, v) -> tensors.put(name, tensor(name, v.value())));
    if (!golden.upstream().isEmpty()) {
      tape.backward(loss());
      tensors.put("grad.input", tensor("output", input.gradient()));
      forEachPart(
          initial,
          (k, part, v) ->
              tensors.put("grad.initial %d.%d".formatted(k, part), GoldenTensor.of(v.gradient())));
      GoldenWeights.of(parameters, Parameter::gradient)
          .forEach((name, gradient) -> tensors.put("grad." + name, gradient));
    }
    return tensors;
  }

  /** Runs from the given state to the one that is returned. */
  private State run(State before) {
    Recurrent.Result result = recurrent.forward(batch.pack(input), batch.packState(before));
    putOutputs(result.output());
    State after = batch.unpackState(result.state(), before);
    forEachPart(after, (k, part, v) -> results.put(GoldenCase.state(k, part), v));
    List<Var> joined = new ArrayList<>();
    for (int k = 0; k < after.cells().size(); k++) {
      joined.add(ConcatenatedState.join(golden.cells().get(k), after.cells().get(k)));
    }
    results.put("state", Var.concat(joined.toArray(Var[]::new)));
    return after;
  }

  private interface PartAction {
    void accept(int cell, int part, Var v);
  }

  private static void forEachPart(State state, PartAction action) {
    for (int k = 0; k < state.cells().size(); k++) {
      for (int part = 0; part < state.cells().get(k).size(); part++) {
        action.accept(k, part, state.cells().get(k).get(part));
      }
    }
  }

  private void putOutputs(PackedSequence output) {
    if (golden.bidirectional()) {
      int split = golden.cells().get(golden.cells().size() - 2).outputSize();
      int width = output.data().cols();
      putOutputs(" forward", columns(output, 0, split), Direction.FORWARD);
      putOutputs(" backward", columns(output, split, width), Direction.BACKWARD);
      for (String name : List.of("output", "last")) {
        Var forward = result(name + " forward");
        Var backward = result(name + " backward");
        results.put(name, edge.merge().merge(forward, backward));
      }
    } else {
      putOutputs("", output, Direction.FORWARD);
    }
    Var steps = result("output");
    for (int t = 0; t < batch.steps(); t++) {
      Var step = steps.rowRange(t * batch.batch(), (t + 1) * batch.batch());
      results.put("output at " + t, step);
    }
  }

  private void putOutputs(String suffix, PackedSequence output, Direction direction) {
    Var padded = batch.unpack(output, edge.fill(), direction);
    Var last = direction == Direction.FORWARD ? output.last() : output.first();
    Var none = tape.constant(tape.zeros(batch.batch(), last.cols()));
    results.put("output" + suffix, edge.flipped() ? batch.flipTime(padded) : padded);
    results.put("last" + suffix, batch.unpackState(last, none));
  }

  private static PackedSequence columns(PackedSequence output, int from, int to) {
    return new PackedSequence(output.packing(), output.data().columnRange(from, to));
  }

  private State initialState() {
    List<List<Var>> states = new ArrayList<>();
    for (int k = 0; k < golden.cells().size(); k++) {
      List<Var> parts = new ArrayList<>();
      for (int size : golden.cells().get(k).stateSizes()) {
        Matrix given =
            golden.initial().isEmpty()
                ? Matrix.zeros(batch.batch(), size)
                : golden.initial().get(k).get(parts.size()).toMatrix();
        parts.add(tape.input(given));
      }
      states.add(parts);
    }
    return new State(states);
  }

  private Var result(String name) {
    return Objects.requireNonNull(results.get(name), name);
  }

  /** Σ result · upstream over all results, so that the gradient of a result is its upstream. */
  private Var loss() {
    Var loss = tape.constant(tape.zeros(1, 1));
    for (Map.Entry<String, GoldenTensor> upstream : golden.upstream().entrySet()) {
      loss = loss.add(weightedSum(result(upstream.getKey()), upstream.getValue().toMatrix()));
    }
    return loss;
  }

  /** Of this sum only the gradient is wanted; its value stays zero. */
  private Var weightedSum(Var v, Matrix weights) {
    Var sum = tape.result(tape.zeros(1, 1), v);
    tape.record(() -> Elementwise.addScaled(sum.gradient().get(0, 0), weights, v.gradient()), sum);
    return sum;
  }

  /** Sequences are [T, B, N], all else [B, N]. */
  private GoldenTensor tensor(String name, Matrix m) {
    GoldenTensor tensor = GoldenTensor.of(m);
    return SEQUENCES.contains(name)
        ? tensor.reshape(List.of(batch.steps(), batch.batch(), m.cols))
        : tensor;
  }
}
