package dev.sluice.io.onnx;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.onnx.Scope.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes the nodes of a graph, and of the graphs inside it, that depend on constants alone. What is left is
 * what a run computes. Exporters slice, join and turn weights in the graph, even inside of the branches of an
 * If.
 */
final class Folding {
  /**
   * A node that is left.
   *
   * @param scope what is known of the values it reads
   * @param bodies the graphs inside it
   */
  record Node(OnnxNode node, Scope scope, List<Graph> bodies) {}

  /** A graph without its constant nodes. */
  record Graph(OnnxGraph graph, List<Node> nodes, Scope scope) {}

  /** Operators that keep zeros zeros, whatever the shapes and indices they are given. */
  private static final Set<String> KEEP_ZEROS =
      Set.of(
          "Identity",
          "Cast",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Reshape",
          "Flatten",
          "Slice",
          "Gather",
          "Split",
          "Expand",
          "Tile");

  private static final Value COMPUTED = new Value.Computed();

  private final Path file;
  private final ConstantOps operators;

  private Folding(Path file, Budget budget) {
    this.file = file;
    operators = new ConstantOps(budget);
  }

  /**
   * Folds {@code graph}.
   *
   * @param bound inputs of the graph that are constants in this case
   * @throws ModelFileException when a node reads what there is not, or a constant node is broken
   */
  static Graph fold(Path file, OnnxGraph graph, Map<String, Constant> bound, Budget budget) {
    Scope scope = new Scope(Optional.empty());
    bound.forEach((name, constant) -> scope.define(name, new Value.Known(constant)));
    return new Folding(file, budget).fold(graph, scope);
  }

  /** {@code scope} may hold inputs of the graph. */
  private Graph fold(OnnxGraph graph, Scope scope) {
    graph.initializers().forEach((name, constant) -> scope.define(name, new Value.Known(constant)));
    graph.inputs().forEach(input -> scope.define(input.name(), new Value.Computed()));
    List<Node> left = new ArrayList<>();
    for (OnnxNode node : graph.nodes()) {
      requireInputs(node, scope);
      List<OnnxGraph> inside = node.graphs();
      List<Value> values = inside.isEmpty() ? compute(node, scope) : List.of();
      List<Graph> bodies = new ArrayList<>(inside.size());
      for (OnnxGraph body : inside) {
        bodies.add(fold(body, new Scope(Optional.of(scope))));
      }
      if (values.isEmpty()) {
        left.add(new Node(node, scope, bodies));
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        define(node, node.outputs().get(i), i < values.size() ? values.get(i) : COMPUTED, scope);
      }
    }
    return new Graph(graph, left, scope);
  }

  /** The outputs of a constant node; none when each run computes them. */
  private List<Value> compute(OnnxNode node, Scope scope) {
    List<Optional<Constant>> inputs = new ArrayList<>(0);
    boolean constant = true;
    for (int i = 0; i < node.inputs().size() && constant; i++) {
      Optional<Constant> input = node.input(i).flatMap(scope::constant);
      inputs.add(input);
      constant =
          node.input(i).isEmpty() || (input.isPresent() && input.get().rank() <= Shapes.MAX_RANK);
    }
    if (constant) {
      List<Constant> outputs = apply(node, inputs);
      if (!outputs.isEmpty()) {
        return outputs.stream().map(output -> (Value) new Value.Known(output)).toList();
      }
    }
    return isZero(node, scope)
        ? Collections.nCopies(node.outputs().size(), new Value.Zeros())
        : List.of();
  }

  private List<Constant> apply(OnnxNode node, List<Optional<Constant>> inputs) {
    try {
      return operators.apply(node, inputs);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelFileException(
          file,
          "%s cannot be computed: %s; the file is damaged".formatted(node, e.getMessage()),
          e);
    }
  }

  /** Whether the output is zero, even if its shape is not known. */
  private static boolean isZero(OnnxNode node, Scope scope) {
    return switch (node.operator()) {
      case "ConstantOfShape" -> node.tensor("value").stream().allMatch(Constant::isZero);
      case "Concat" -> !node.inputs().isEmpty() && node.inputs().stream().allMatch(scope::isZero);
      default ->
          KEEP_ZEROS.contains(node.operator()) && node.input(0).stream().anyMatch(scope::isZero);
    };
  }

  private void requireInputs(OnnxNode node, Scope scope) {
    for (String input : node.inputs()) {
      if (!input.isEmpty() && scope.find(input).isEmpty()) {
        throw new ModelFileException(
            file,
            ("%s reads %s, which nothing before it makes; the file is damaged, or its nodes are out"
                    + " of order")
                .formatted(node, shown(input)));
      }
    }
  }

  private void define(OnnxNode node, String output, Value value, Scope scope) {
    if (!output.isEmpty() && !scope.define(output, value)) {
      throw new ModelFileException(
          file, "%s makes %s a second time; the file is damaged".formatted(node, shown(output)));
    }
  }
}
