package dev.sluice.io.onnx;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.ChainReader.Result;
import dev.sluice.io.onnx.Meaning.Flow;
import dev.sluice.io.onnx.Meaning.Flow.Part;
import dev.sluice.io.onnx.Meaning.Given;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sequences of a chain: from which input they come, along which axes their steps and their batch lie,
 * where lengths and initial states come in and where final states go out. Recurrent nodes tell.
 */
final class ChainSequences {
  private final ChainBuilder layers;

  private Optional<Given> input = Optional.empty();
  private int inputWidth;
  private Optional<Axis> inputTime = Optional.empty();
  private Optional<Axis> time = Optional.empty(); // none in a network of one step
  private Optional<Axis> batch = Optional.empty(); // known from the first recurrent node on
  private Optional<String> lengths = Optional.empty();
  private boolean repeated;
  private int cells;
  private final Map<String, Integer> stateRows = new HashMap<>(); // by input, how many were read
  private int givenStates; // of how many cells

  ChainSequences(ChainBuilder layers) {
    this.layers = layers;
  }

  /** The axis of steps, when a recurrent node has told. */
  Optional<Axis> time() {
    return time;
  }

  /** Whether an input of the graph is the lengths of the sequences. */
  boolean isLengths(Optional<Given> given) {
    return lengths.isPresent()
        && given.stream().anyMatch(g -> g.input().name().equals(lengths.get()));
  }

  /** Takes an input as that of the chain; false when it has one, or only some rows are read. */
  boolean begin(Given from, int width) {
    boolean whole = from.from() == 0 && from.to() == OnnxGraph.ANY;
    if (input.isPresent() || !whole) {
      return false;
    }
    input = Optional.of(from);
    inputWidth = width;
    return true;
  }

  /** From here on the steps are those that a Repeat makes. */
  void repeat(Axis steps) {
    time = Optional.of(steps);
    repeated = true;
    layers.setRagged(false);
  }

  /** What a recurrent node gives; nothing when it is no part of the chain. */
  List<Meaning> add(RecurrentNode rnn, NodeInputs inputs) {
    Optional<Flow> flow = inputs.flow(RecurrentNode.X);
    Optional<Given> from = inputs.given(RecurrentNode.X);
    Optional<Axes> axes = flow.map(Flow::axes).or(() -> from.map(Given::axes));
    if (axes.isEmpty() || axes.get().rank() != 3) {
      return List.of();
    }
    int t = rnn.batchMajor() ? 1 : 0;
    List<Axis> steps = axes.get().get(t);
    List<Axis> sequences = axes.get().get(1 - t);
    boolean fits =
        areAlong(steps, sequences)
            && haveLengths(inputs)
            && haveStates(rnn, inputs)
            && from.stream().allMatch(g -> begin(g, rnn.cells().getFirst().inputSize()))
            && layers.addRecurrent(rnn, flow);
    if (!fits) {
      return List.of();
    }
    cells += rnn.cells().size();
    return outputs(rnn, steps, sequences);
  }

  /** Y, Y_h and Y_c. */
  private List<Meaning> outputs(RecurrentNode rnn, List<Axis> steps, List<Axis> sequences) {
    Optional<Axis> stack = rnn.cells().size() == 2 ? Optional.of(new Axis(2)) : Optional.empty();
    List<Axis> directions = stack.stream().toList();
    List<Axis> units = List.of(new Axis(rnn.cells().getFirst().outputSize()));
    Axes y =
        rnn.batchMajor()
            ? Axes.of(List.of(sequences, steps, directions, units))
            : Axes.of(List.of(steps, directions, sequences, units));
    Axes state =
        rnn.batchMajor()
            ? Axes.of(List.of(sequences, directions, units))
            : Axes.of(List.of(directions, sequences, units));
    return List.of(
        layers.output(Part.ALL, stack, y),
        layers.output(Part.H, stack, state),
        layers.output(Part.C, stack, state));
  }

  private boolean areAlong(List<Axis> steps, List<Axis> sequences) {
    if (steps.size() > 1 || sequences.size() != 1) {
      return false;
    }
    if (batch.isEmpty()) {
      batch = Optional.of(sequences.getFirst());
      time = steps.stream().findFirst();
      inputTime = time;
    }
    return sequences.getFirst() == batch.get() && steps.equals(time.stream().toList());
  }

  /** All nodes that read the steps of the input must take the same lengths, or none. */
  private boolean haveLengths(NodeInputs inputs) {
    Optional<Given> given = inputs.given(RecurrentNode.LENGTHS);
    if (cells == 0 && given.isPresent()) {
      lengths = given.map(g -> g.input().name());
      layers.setRagged(true);
    }
    boolean wanted = lengths.isPresent() && !repeated;
    return inputs.has(RecurrentNode.LENGTHS) == wanted && (!wanted || isLengths(given));
  }

  /** Initial states are zeros, or the next rows of an input. */
  private boolean haveStates(RecurrentNode rnn, NodeInputs inputs) {
    int count = rnn.cells().size();
    boolean h = isNext(inputs.given(RecurrentNode.INITIAL_H), count);
    boolean lstm = rnn.node().operator().equals("LSTM");
    boolean c = lstm ? isNext(inputs.given(RecurrentNode.INITIAL_C), count) : h;
    givenStates += h ? count : 0;
    return h == c
        && (h
            || (inputs.isZero(RecurrentNode.INITIAL_H) && inputs.isZero(RecurrentNode.INITIAL_C)));
  }

  private boolean isNext(Optional<Given> state, int count) {
    if (state.isEmpty() || state.get().axes().rank() != 3) {
      return false;
    }
    String name = state.get().input().name();
    int read = stateRows.getOrDefault(name, 0);
    int end = state.get().to() == OnnxGraph.ANY ? Integer.MAX_VALUE : state.get().to();
    stateRows.put(name, end);
    return state.get().from() == read && (end == Integer.MAX_VALUE || end == read + count);
  }

  /** The network, once all nodes are read. */
  Result finish(List<String> outputs, Map<String, Meaning> meanings) {
    if (batch.isEmpty() || input.isEmpty()) {
      return new Result.Obstacle("there is no recurrent layer that reads an input");
    }
    if (givenStates != 0 && givenStates != cells) {
      return new Result.Obstacle("some initial states are given and others are not");
    }
    List<String> ends = new ArrayList<>();
    List<String> states = new ArrayList<>();
    for (String name : outputs) {
      if (!(meanings.get(name) instanceof Flow flow)) {
        return obstacle(name, "is not what a layer gives");
      }
      boolean state = flow.part() == Part.H || flow.part() == Part.C;
      (state ? states : ends).add(name);
    }
    if (ends.size() > 1) {
      return obstacle(ends.get(1), "is a second one beside " + shown(ends.getFirst()));
    }
    for (String name : ends.isEmpty() ? states : ends) {
      if (meanings.get(name) instanceof Flow flow && layers.accept(flow)) {
        return finish(name, flow, axes(meanings), outputs.size() > 1);
      }
    }
    return new Result.Obstacle("no output is all that the last layer gives");
  }

  /** The axes of the input as they stand in the graph. */
  private List<Axis> axes(Map<String, Meaning> meanings) {
    return meanings.get(input.orElseThrow().input().name()) instanceof Given given
        ? given.axes().all()
        : List.of();
  }

  private Result finish(String output, Flow flow, List<Axis> inputAxes, boolean finalStates) {
    Optional<Layout> layout = layout(inputTime, inputAxes);
    List<Axis> result = flow.axes().all();
    boolean steps = time.stream().anyMatch(result::contains);
    boolean fits =
        steps ? layout(time, result).equals(layout) : result.getFirst() == batch.orElseThrow();
    return layout.isPresent() && fits
        ? new Result.Chain(
            new OnnxNetwork(layers.build(inputWidth), layout.get(), ports(finalStates)))
        : obstacle(output, "stands in other axes than the input");
  }

  private Set<Port> ports(boolean finalStates) {
    Set<Port> ports = EnumSet.noneOf(Port.class);
    if (lengths.isPresent()) {
      ports.add(Port.LENGTHS);
    }
    if (givenStates > 0) {
      ports.add(Port.INITIAL_STATES);
    }
    if (finalStates) {
      ports.add(Port.FINAL_STATES);
    }
    return ports;
  }

  /** By the first two axes; nothing when they are not those of steps and batch. */
  private Optional<Layout> layout(Optional<Axis> steps, List<Axis> axes) {
    Axis sequences = batch.orElseThrow();
    if (steps.isEmpty()) {
      return !axes.isEmpty() && axes.getFirst() == sequences
          ? Optional.of(Layout.ONE_STEP)
          : Optional.empty();
    }
    if (axes.size() < 2 || !axes.subList(0, 2).containsAll(List.of(steps.get(), sequences))) {
      return Optional.empty();
    }
    return Optional.of(axes.getFirst() == sequences ? Layout.BATCH_MAJOR : Layout.TIME_MAJOR);
  }

  private static Result obstacle(String output, String problem) {
    return new Result.Obstacle("the output %s %s".formatted(shown(output), problem));
  }
}
