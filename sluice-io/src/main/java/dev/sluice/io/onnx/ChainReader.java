package dev.sluice.io.onnx;

import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.Meaning.Flow;
import dev.sluice.io.onnx.Meaning.Flow.Part;
import dev.sluice.io.onnx.Meaning.Given;
import dev.sluice.io.onnx.Meaning.Sizes;
import dev.sluice.layer.MergeMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Recognises a graph that is a chain of layers, whatever an exporter puts between them to turn axes, choose
 * steps and join directions. It follows what every value means, node by node, and gives up at the first node
 * that is no part of a chain.
 */
final class ChainReader {
  /** A chain, or what is in its way. */
  sealed interface Result {
    record Chain(OnnxNetwork network) implements Result {}

    record Obstacle(String text) implements Result {}
  }

  private final Path file;
  private final Folding.Graph graph;
  private final Budget budget;
  private final Map<String, Meaning> meanings = new HashMap<>();
  private final ChainSequences sequences;
  private final ChainLayers layers;

  private ChainReader(Path file, Folding.Graph graph, long opset, Budget budget) {
    this.file = file;
    this.graph = graph;
    this.budget = budget;
    ChainBuilder builder = new ChainBuilder(new LayerNames());
    sequences = new ChainSequences(builder);
    layers = new ChainLayers(builder, sequences, opset, budget);
  }

  /** Reads {@code graph}, which is of an {@code opset}. */
  static Result read(Path file, Folding.Graph graph, long opset, Budget budget) {
    return new ChainReader(file, graph, opset, budget).read();
  }

  private Result read() {
    for (OnnxGraph.Input input : graph.graph().inputs()) {
      List<List<Axis>> axes = input.shape().stream().map(n -> List.of(new Axis(n))).toList();
      meanings.put(input.name(), new Given(input, Axes.of(axes), 0, OnnxGraph.ANY));
    }
    for (Folding.Node folded : graph.nodes()) {
      OnnxNode node = folded.node();
      List<Meaning> outputs;
      try {
        outputs = read(node, new NodeInputs(node, graph.scope(), meanings));
      } catch (IllegalArgumentException | ArithmeticException e) {
        return new Result.Obstacle("%s: %s".formatted(node, e.getMessage()));
      }
      if (outputs.isEmpty()) {
        return new Result.Obstacle("%s is no part of a chain of layers".formatted(node));
      }
      for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
        meanings.put(node.outputs().get(i), outputs.get(i));
      }
    }
    return sequences.finish(graph.graph().outputs(), meanings);
  }

  /** What the outputs of a node mean; nothing when that cannot be followed. */
  private List<Meaning> read(OnnxNode node, NodeInputs in) {
    return switch (node.operator()) {
      case "LSTM", "GRU", "RNN" ->
          RecurrentNode.read(file, node, graph.scope(), budget)
              .map(rnn -> sequences.add(rnn, in))
              .orElse(List.of());
      case "Split" -> split(node, in);
      default -> readOne(node, in).stream().toList();
    };
  }

  private Optional<Meaning> readOne(OnnxNode node, NodeInputs in) {
    return switch (node.operator()) {
      case "Identity", "Cast", "Dropout" -> in.meaning(0);
      case "Shape" -> axes(in.meaning(0)).map(axes -> SizeOps.shape(node, axes));
      case "Transpose" -> turn(in, axes -> Optional.of(axes.transposed(node.integers("perm"))));
      case "Squeeze" -> turn(in, axes -> axes.squeezed(in.list("axes", 1)));
      case "Unsqueeze" -> turn(in, axes -> axes.unsqueezed(in.list("axes", 1).orElse(List.of())));
      case "Flatten" -> turn(in, axes -> Optional.of(axes.flattened(node.integer("axis", 1))));
      case "Reshape" ->
          in.sizes(1).flatMap(shape -> turn(in, axes -> axes.reshaped(shape.sizes())));
      case "Gather" -> gather(node, in);
      case "Slice" -> slice(in);
      case "Concat" -> concat(node, in);
      case "ReduceSum" -> merge(node, in, MergeMode.SUM);
      case "ReduceProd" -> merge(node, in, MergeMode.MULTIPLY);
      case "ReduceMean" -> merge(node, in, MergeMode.AVERAGE);
      case "ReverseSequence" -> reverse(node, in);
      case "Mul" -> multiply(in);
      default -> layers.read(node, in);
    };
  }

  private static Optional<Axes> axes(Optional<Meaning> meaning) {
    return meaning.flatMap(
        m ->
            switch (m) {
              case Flow flow -> Optional.of(flow.axes());
              case Given given -> Optional.of(given.axes());
              case Sizes sizes -> Optional.empty();
            });
  }

  /** The first input with other axes; to a list of sizes it makes no difference. */
  private static Optional<Meaning> turn(NodeInputs in, Function<Axes, Optional<Axes>> change) {
    return in.meaning(0)
        .flatMap(
            m ->
                switch (m) {
                  case Flow flow -> change.apply(flow.axes()).map(flow::with);
                  case Given given ->
                      change
                          .apply(given.axes())
                          .map(axes -> new Given(given.input(), axes, given.from(), given.to()));
                  case Sizes sizes -> Optional.of(sizes);
                });
  }

  private FlowOps flows() {
    return new FlowOps(sequences.time());
  }

  private Optional<Meaning> gather(OnnxNode node, NodeInputs in) {
    long axis = node.integer("axis", 0);
    if (in.constant(0).isPresent()) {
      return layers.embedding(node, in);
    }
    Optional<Constant> indices = in.constant(1);
    if (indices.isEmpty() || in.meaning(0).isEmpty() || indices.get().isReal()) {
      return Optional.empty();
    }
    Meaning x = in.meaning(0).get();
    if (x instanceof Sizes sizes) {
      return Optional.of(SizeOps.gather(sizes, indices.get()));
    }
    if (indices.get().count() != 1) {
      return Optional.empty();
    }
    long index = indices.get().longs()[0];
    boolean stays = indices.get().rank() > 0;
    if (x instanceof Given given) {
      int row = Math.toIntExact(index);
      return axis == 0 && row >= 0 ? rows(given, row, row + 1L, stays) : Optional.empty();
    }
    Flow flow = (Flow) x;
    int dimension = Shapes.axis(axis, flow.axes().rank());
    return flows().pick(flow, dimension, index, stays).map(f -> f);
  }

  /** Some rows of an input, which may be those of an initial state. */
  private static Optional<Meaning> rows(Given given, long from, long to, boolean stays) {
    boolean whole = given.from() == 0 && given.to() == OnnxGraph.ANY;
    if (!whole || given.axes().rank() == 0 || from < 0 || to <= from || to > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    Axes axes =
        stays
            ? given.axes().with(0, List.of(new Axis((int) (to - from))))
            : given.axes().without(0);
    return Optional.of(new Given(given.input(), axes, (int) from, (int) to));
  }

  private Optional<Meaning> slice(NodeInputs in) {
    Optional<List<Long>> starts = in.list("starts", 1);
    Optional<List<Long>> ends = in.list("ends", 2);
    Optional<List<Long>> axes = in.list("axes", 3);
    Optional<List<Long>> steps = in.list("steps", 4);
    boolean known =
        starts.isPresent()
            && ends.isPresent()
            && in.meaning(0).isPresent()
            && starts.get().size() == 1
            && ends.get().size() == 1
            && axes.orElse(List.of(0L)).size() == 1
            && steps.orElse(List.of(1L)).size() == 1;
    if (!known) {
      return Optional.empty();
    }
    long start = starts.get().getFirst();
    long end = ends.get().getFirst();
    long axis = axes.orElse(List.of(0L)).getFirst();
    long step = steps.orElse(List.of(1L)).getFirst();
    return switch (in.meaning(0).get()) {
      case Sizes sizes ->
          step == 1 ? Optional.of(SizeOps.slice(sizes, start, end)) : Optional.empty();
      case Given given -> axis == 0 && step == 1 ? rows(given, start, end, true) : Optional.empty();
      case Flow flow ->
          flows().slice(flow, Shapes.axis(axis, flow.axes().rank()), start, end, step).map(f -> f);
    };
  }

  private List<Meaning> split(OnnxNode node, NodeInputs in) {
    Optional<List<Long>> sizes = in.list("split", 1);
    boolean equal = sizes.stream().allMatch(s -> s.stream().distinct().count() == 1);
    if (in.flow(0).isEmpty() || !equal) {
      return List.of();
    }
    Flow flow = in.flow(0).get();
    int dimension = Shapes.axis(node.integer("axis", 0), flow.axes().rank());
    return List.copyOf(flows().split(flow, dimension, node.outputs().size()).orElse(List.of()));
  }

  private Optional<Meaning> concat(OnnxNode node, NodeInputs in) {
    List<Flow> flows = new ArrayList<>();
    List<Sizes> sizes = new ArrayList<>();
    for (int i = 0; i < in.count(); i++) {
      in.flow(i).ifPresent(flows::add);
      in.sizes(i).ifPresent(sizes::add);
    }
    if (sizes.size() == in.count()) {
      return SizeOps.concat(sizes).map(s -> s);
    }
    return flows.size() == in.count()
        ? flows().concat(flows, node.integer("axis", 0)).map(f -> f)
        : Optional.empty();
  }

  /** A sum, product or mean over directions. */
  private Optional<Meaning> merge(OnnxNode node, NodeInputs in, MergeMode merge) {
    List<Long> axes = in.list("axes", 1).orElse(List.of());
    if (in.flow(0).isEmpty() || axes.size() != 1) {
      return Optional.empty();
    }
    Flow flow = in.flow(0).get();
    int dimension = Shapes.axis(axes.getFirst(), flow.axes().rank());
    return flows().merge(flow, dimension, node.integer("keepdims", 1) != 0, merge).map(f -> f);
  }

  private Optional<Meaning> reverse(OnnxNode node, NodeInputs in) {
    boolean ofLengths = sequences.isLengths(in.given(1));
    if (in.flow(0).isEmpty() || !ofLengths || sequences.time().isEmpty()) {
      return Optional.empty();
    }
    Flow flow = in.flow(0).get();
    boolean alongTime = node.integer("time_axis", 0) == flow.axes().find(sequences.time().get());
    return alongTime && flow.part() == Part.ALL
        ? Optional.of(flow.as(Part.REVERSED, flow.axes()))
        : Optional.empty();
  }

  private Optional<Meaning> multiply(NodeInputs in) {
    if (in.sizes(0).isPresent() && in.sizes(1).isPresent()) {
      return SizeOps.multiply(in.sizes(0).get(), in.sizes(1).get()).map(s -> s);
    }
    return in.flow(0).isPresent() && in.flow(1).isPresent()
        ? flows().merge(in.flow(0).get(), in.flow(1).get(), MergeMode.MULTIPLY).map(f -> f)
        : Optional.empty();
  }
}
