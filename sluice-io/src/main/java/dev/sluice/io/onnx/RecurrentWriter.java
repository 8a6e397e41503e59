package dev.sluice.io.onnx;

import static dev.sluice.io.onnx.GraphWriter.attribute;
import static dev.sluice.io.onnx.GraphWriter.longsAttribute;
import static dev.sluice.io.onnx.GraphWriter.size;

import dev.sluice.cell.Cell;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.io.protobuf.ProtoWriter;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one recurrent layer of a network, or a stack of them: a node for each layer, its weights, the way of its outputs to the
 * next layer, and the inputs and outputs for states. Everything is time-major. L layers, D directions, H
 * units.
 */
final class RecurrentWriter {
  private static final int PEEPHOLES = 7; // of the inputs of an LSTM

  private final GraphWriter graph;
  private final OnnxNetwork model;
  private final RecurrentLayer rnn;
  private final String name;
  private final List<Cell> cells;
  private final int directions;
  private final int layers;
  private final List<String> parts; // of a state
  private final List<String> initialStates = new ArrayList<>(); // one for each part
  private final List<List<String>> finalStates =
      new ArrayList<>(); // for each part that of each layer

  RecurrentWriter(GraphWriter graph, OnnxNetwork model, RecurrentLayer rnn) {
    this.graph = graph;
    this.model = model;
    this.rnn = rnn;
    Recurrent recurrent = rnn.recurrent();
    name = recurrent.name();
    cells = recurrent.cells();
    directions = recurrent.bidirectional() ? 2 : 1;
    layers = cells.size() / directions;
    parts = cells.getFirst().stateNames();
    parts.forEach(part -> finalStates.add(new ArrayList<>()));
  }

  /**
   * Writes all layers.
   *
   * @param x (T, B, inputs)
   * @param lengths the input with the lengths of sequences, or {@code ""}
   * @return the output
   */
  String write(String x, String lengths) {
    requireSayable(lengths);
    if (model.ports().contains(Port.INITIAL_STATES)) {
      for (String part : parts) {
        String port = model.port(rnn, part + "0");
        initialStates.add(graph.input(port, GraphWriter.FLOAT, stateShape()));
      }
    }
    String value = x;
    for (int layer = 0; layer < layers; layer++) {
      value = writeLayer(layer, value, lengths);
    }
    return rnn.returnSequences() && rnn.reading() == Reading.GO_BACKWARDS ? flipped(value) : value;
  }

  /** Makes the final states outputs of the graph, when they are wanted. */
  void writeFinalStates() {
    if (model.ports().contains(Port.FINAL_STATES)) {
      for (int p = 0; p < parts.size(); p++) {
        String all =
            graph.node(
                "Concat",
                "%s/%s_n".formatted(name, parts.get(p)),
                finalStates.get(p),
                attribute("axis", 0));
        graph.output(model.port(rnn, parts.get(p) + "_n"), all, stateShape());
      }
    }
  }

  private String writeLayer(int layer, String x, String lengths) {
    boolean last = layer == layers - 1;
    boolean sequences = !last || rnn.returnSequences();
    List<CellOperator> operators =
        cells(layer).stream().map(cell -> CellOperator.of(name, cell)).toList();
    String operator = operators.getFirst().name();
    ProtoWriter[] attributes =
        CellOperator.attributes(name, operators, rnn.reading() != Reading.FORWARD);
    String node = graph.fresh("%s/%s_l%d".formatted(name, operator, layer));
    List<String> outputs = new ArrayList<>(List.of(sequences ? node : ""));
    for (int p = 0; p < parts.size(); p++) {
      String state = graph.fresh("%s_%s".formatted(node, parts.get(p)));
      finalStates.get(p).add(state);
      outputs.add(state);
    }
    graph.node(operator, node, inputs(layer, x, lengths), outputs, attributes);
    MergeMode merge = last ? rnn.merge() : MergeMode.CONCAT;
    return sequences
        ? merged(merge, node, 1, 0, 2, 1, 3) // (T, D, B, H)
        : merged(merge, finalStates.getFirst().getLast(), 0, 1, 0, 2); // (D, B, H)
  }

  private List<String> inputs(int layer, String x, String lengths) {
    CellWeights weights = weights(layer);
    int inputSize = cells(layer).getFirst().inputSize();
    int width = weights.width();
    String suffix = "_l" + layer;
    List<String> inputs = new ArrayList<>(List.of(x));
    inputs.add(graph.constant(name + ".W" + suffix, weights.input(), directions, width, inputSize));
    inputs.add(
        graph.constant(
            name + ".R" + suffix, weights.recurrent(), directions, width, weights.hiddenSize()));
    inputs.add(
        weights.hasBias()
            ? graph.constant(name + ".B" + suffix, weights.bias(), directions, 2 * width)
            : "");
    inputs.add(lengths);
    initialStates.forEach(state -> inputs.add(ofLayer(state, layer)));
    if (weights.hasPeepholes()) {
      while (inputs.size() < PEEPHOLES) {
        inputs.add("");
      }
      inputs.add(
          graph.constant(
              name + ".P" + suffix, weights.peepholes(), directions, 3 * weights.hiddenSize()));
    }
    while (inputs.getLast().isEmpty()) {
      inputs.removeLast();
    }
    return inputs;
  }

  /** The part of (L·D, B, H) that is of one layer. */
  private String ofLayer(String states, int layer) {
    if (layers == 1) {
      return states;
    }
    String from = graph.constant("from", (long) layer * directions);
    String to = graph.constant("to", (layer + 1L) * directions);
    String axis = graph.constant("axis", 0L);
    return graph.node("Slice", states + "/Slice", List.of(states, from, to, axis));
  }

  /**
   * The directions of an output made one.
   *
   * @param axis of the directions
   * @param perm the order of axes in which the directions come last but one
   */
  private String merged(MergeMode merge, String value, long axis, long... perm) {
    if (directions == 1) {
      String axes = graph.constant("direction_axis", axis);
      return graph.node("Squeeze", value + "/Squeeze", List.of(value, axes));
    }
    return switch (merge) {
      case CONCAT -> sideBySide(value, perm);
      case SUM -> {
        String axes = graph.constant("direction_axis", axis);
        yield graph.node(
            "ReduceSum", value + "/Sum", List.of(value, axes), attribute("keepdims", 0));
      }
      case MULTIPLY -> reduced("ReduceProd", value, axis);
      case AVERAGE -> reduced("ReduceMean", value, axis);
    };
  }

  private String reduced(String operator, String value, long axis) {
    return graph.node(
        operator,
        value + "/" + operator,
        List.of(value),
        longsAttribute("axes", axis),
        attribute("keepdims", 0));
  }

  private String sideBySide(String value, long... perm) {
    String turned =
        graph.node("Transpose", value + "/Transpose", List.of(value), longsAttribute("perm", perm));
    long[] shape = new long[perm.length - 1]; // 0: as it is
    shape[shape.length - 1] = -1;
    String sizes = graph.constant("side_by_side", shape);
    return graph.node("Reshape", value + "/Reshape", List.of(turned, sizes));
  }

  /** The steps of (T, B, H) in the opposite order. */
  private String flipped(String value) {
    String from = graph.constant("from", -1);
    String to = graph.constant("to", Long.MIN_VALUE);
    String axis = graph.constant("axis", 0L);
    String step = graph.constant("step", -1);
    return graph.node("Slice", value + "/Slice", List.of(value, from, to, axis, step));
  }

  private void requireSayable(String lengths) {
    if (rnn.reading() != Reading.FORWARD && directions == 2) {
      throw CellOperator.unsayable(name, "two directions that are both turned round");
    }
    if (rnn.fill() == Fill.REPEAT && rnn.returnSequences() && !lengths.isEmpty()) {
      throw CellOperator.unsayable(name, "outputs that are repeated at steps that are not real");
    }
  }

  private CellWeights weights(int layer) {
    CellWeights weights = new CellWeights(cells(layer).getFirst().stateSizes().getLast());
    List<ParameterSpec> qualified = rnn.recurrent().parameters();
    int at = 0;
    for (int i = 0; i < (layer + 1) * directions; i++) {
      Map<String, Matrix> own = new LinkedHashMap<>();
      for (ParameterSpec spec : cells.get(i).parameters("")) {
        String parameter = qualified.get(at++).name();
        own.put(spec.name(), model.network().parameters().get(parameter).value());
      }
      if (i >= layer * directions) {
        weights.add(cells.get(i), own);
      }
    }
    return weights;
  }

  private List<Cell> cells(int layer) {
    return cells.subList(layer * directions, (layer + 1) * directions);
  }

  private ProtoWriter[] stateShape() {
    int units = cells.getFirst().outputSize();
    if (cells.stream().anyMatch(cell -> cell.outputSize() != units)) {
      throw new IllegalArgumentException(
          "%s: its layers have different sizes, so their states are no one input or output; make them layers of their own"
              .formatted(name));
    }
    return new ProtoWriter[] {size(cells.size()), size("batch"), size(units)};
  }
}
