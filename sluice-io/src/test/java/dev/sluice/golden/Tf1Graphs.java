package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * Reads a JSON file of format {@code rnn-golden/1 (tf1 recorded graphs)}: graphs of TF1 with their variables,
 * and what they gave.
 */
final class Tf1Graphs {
  private static final List<String> PARTS = List.of("gates", "candidate", "projection");

  private final JsonNode json;
  private final int steps;
  private final int batch;
  private final Map<String, GoldenTensor> constants = new LinkedHashMap<>();
  private final Map<String, Map<String, GoldenTensor>> variables = new LinkedHashMap<>(); // by cell
  private final boolean bidirectional;

  private Tf1Graphs(JsonNode json) {
    this.json = json;
    steps = json.required("T").intValue();
    batch = json.required("B").intValue();
    json.required("constants")
        .forEachEntry((name, value) -> constants.put(name, GoldenTensor.described(value)));
    constants.forEach(this::addVariable);
    bidirectional = variables.keySet().stream().anyMatch(cell -> cell.contains("/fw"));
  }

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    for (JsonNode json : file.required("cases")) {
      cases.add(Golden.read(json.required("id").asString(), () -> new Tf1Graphs(json).read()));
    }
    return cases;
  }

  /** {@code rnn/gru_cell/gates/kernel} is variable {@code gates/kernel} of cell {@code rnn/gru_cell}. */
  private void addVariable(String name, GoldenTensor value) {
    int split = name.lastIndexOf('/');
    if (split < 0) {
      return; // an initial state, or the head
    }
    int before = name.lastIndexOf('/', split - 1);
    if (PARTS.contains(name.substring(before + 1, split))) {
      split = before;
    }
    variables
        .computeIfAbsent(name.substring(0, split), cell -> new LinkedHashMap<>())
        .put(name.substring(split + 1), value);
  }

  private Golden read() {
    String id = json.required("id").asString();
    List<Cell> cells = new ArrayList<>();
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, GoldenTensor>> cell : variables.entrySet()) {
      String kind = cell.getKey().substring(cell.getKey().lastIndexOf('/') + 1);
      if (kind.startsWith("sru") || kind.startsWith("nas") || kind.startsWith("ugrnn")) {
        return new Golden.OutOfScope(id, "there is no cell \"" + kind + "\"");
      }
      Tf1Cells.Loaded loaded = load(kind, cell.getValue());
      String suffix =
          bidirectional
              ? "_l" + cells.size() / 2 + (cells.size() % 2 == 0 ? "" : "_reverse")
              : "_l" + cells.size();
      weights.putAll(loaded.weights(suffix));
      cells.add(loaded.cell());
    }
    if (constants.containsKey("Variable")) {
      addHead(cells, weights);
    }
    return new GoldenCase(
        id,
        cells,
        bidirectional,
        weights,
        input(),
        edge(),
        initial(cells),
        Map.of(),
        constants.containsKey("Variable") ? lastOutput() : expected(cells),
        json.path("recomputed_max_abs_error").asDouble(0));
  }

  private Tf1Cells.Loaded load(String kind, Map<String, GoldenTensor> cell) {
    Activation activation = ActivationNames.keras(json.path("activation").asString("tanh"), false);
    return switch (kind) {
      case "basic_rnn_cell" -> Tf1Cells.rnn(cell, activation);
      case "gru_cell" -> Tf1Cells.gru(cell, activation);
      case "basic_lstm_cell", "lstm_cell", "lstm_fused_cell" ->
          Tf1Cells.lstm(cell, lstm(activation));
      default -> throw new IllegalStateException("a cell unknown here: " + kind);
    };
  }

  private LstmVariant lstm(Activation activation) {
    return LstmVariant.PLAIN
        .withForgetBias(json.path("forget_bias").floatValue(1))
        .withCellClip(json.path("cell_clip").floatValue(Float.POSITIVE_INFINITY))
        .withActivations(Activation.SIGMOID, activation, activation);
  }

  /** A dense layer behind the last output. */
  private void addHead(List<Cell> cells, Map<String, GoldenTensor> weights) {
    GoldenTensor kernel = Objects.requireNonNull(constants.get("Variable"));
    String suffix = "_l" + (cells.size() - 1);
    cells.add(new OutputProjectionCell(cells.removeLast(), kernel.size(1)));
    weights.put("weight_out" + suffix, kernel.transpose());
    weights.put("bias_out" + suffix, Objects.requireNonNull(constants.get("Variable_1")));
  }

  /** From [T, B, I], [B, T, I], or before a head [B, I, T]. */
  private GoldenTensor input() {
    GoldenTensor input = GoldenTensor.of(json.required("input"));
    if (constants.containsKey("Variable")) {
      List<GoldenTensor> sequences = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        sequences.add(input.part(b).transpose());
      }
      return GoldenTensor.stack(sequences).transpose();
    }
    return isTimeMajor() ? input : input.transpose();
  }

  private boolean isTimeMajor() {
    return json.required("time_major").booleanValue();
  }

  private Edge edge() {
    Edge edge = Edge.ofLengths(steps, Collections.nCopies(batch, steps));
    return json.required("cell_dir").asString().startsWith("tr_")
        ? new Edge(edge.batch().reversed(), Fill.ZERO, false, MergeMode.CONCAT, 1)
        : edge;
  }

  /** The inputs in_1, in_2, ... are the states of the cells in their order, c before h. */
  private List<List<GoldenTensor>> initial(List<Cell> cells) {
    List<List<GoldenTensor>> states = new ArrayList<>();
    int next = 1;
    for (int k = 0; constants.containsKey("in_1") && k < cells.size(); k++) {
      List<GoldenTensor> parts = new ArrayList<>();
      for (int part = 0; part < cells.get(k).stateSizes().size(); part++) {
        parts.addFirst(Objects.requireNonNull(constants.get("in_" + next++)));
      }
      states.add(parts);
    }
    return states;
  }

  private Map<String, GoldenTensor> lastOutput() {
    return Map.of("last", GoldenTensor.described(json.at("/expected/output")));
  }

  /** The first tensor of rank 3 is the outputs, else the first of all; the others are states. */
  private Map<String, GoldenTensor> expected(List<Cell> cells) {
    List<GoldenTensor> recorded = new ArrayList<>();
    json.required("expected").forEach(value -> recorded.add(GoldenTensor.described(value)));
    int at = 0;
    for (int i = recorded.size() - 1; i >= 0; i--) {
      at = recorded.get(i).shape().size() == 3 ? i : at;
    }
    GoldenTensor output = recorded.remove(at);
    Map<String, GoldenTensor> expected = new LinkedHashMap<>();
    expected.put("output", output(output));
    putStates(cells, recorded, expected);
    return expected;
  }

  /**
   * [T·B, features] of static_rnn; batch-major; or the two directions of a bidirectional dynamic rnn one
   * after the other along the first dimension.
   */
  private GoldenTensor output(GoldenTensor recorded) {
    int features = recorded.shape().getLast();
    if (recorded.shape().size() == 2) {
      return recorded.reshape(List.of(steps, batch, features));
    }
    int first = isTimeMajor() ? steps : batch;
    if (recorded.size(0) == 2 * first) {
      return GoldenTensor.concat(
          timeMajor(recorded.parts(0, first)), timeMajor(recorded.parts(first, 2 * first)));
    }
    return timeMajor(recorded);
  }

  private GoldenTensor timeMajor(GoldenTensor t) {
    return isTimeMajor() ? t : t.transpose();
  }

  /**
   * States stand one below the other, c before h; when recorded in two tensors for several layers, the first
   * is of the forward cells and the second of the backward cells.
   */
  private void putStates(
      List<Cell> cells, List<GoldenTensor> recorded, Map<String, GoldenTensor> expected) {
    List<GoldenTensor> rows = new ArrayList<>(); // [B, size]
    for (GoldenTensor t : recorded) {
      for (int i = 0; i < t.size(0); i += batch) {
        rows.add(t.parts(i, i + batch));
      }
    }
    boolean byDirection = bidirectional && recorded.size() == 2;
    int next = 0;
    for (int i = 0; i < cells.size(); i++) {
      int layers = cells.size() / 2;
      int k = byDirection ? i % layers * 2 + i / layers : i;
      for (int part = cells.get(k).stateSizes().size() - 1; part >= 0; part--) {
        expected.put(GoldenCase.state(k, part), rows.get(next++));
      }
    }
  }
}
