package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.StackedCells;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the figures of Keras 3's unit tests: layers, bidirectional layers and stacked cells. */
final class KerasJson {
  private static final Set<String> OPTIONS =
      Set.of(
          "return_sequences",
          "go_backwards",
          "stateful",
          "calls",
          "zero_output_for_mask",
          "use_bias", // seen by whether there is a bias
          "unit_forget_bias", // seen in the bias
          "reset_after",
          "activation",
          "recurrent_activation",
          "unroll", // changes no figure
          "implementation"); // changes no figure

  private final JsonNode json;
  private final JsonNode options;
  private final GoldenTensor input; // [T, B, I]

  private KerasJson(JsonNode json) {
    this.json = json;
    options = json.path("options");
    input = GoldenTensor.of(json.required("input")).transpose();
    for (String option : options.propertyNames()) {
      if (!OPTIONS.contains(option)) {
        throw new IllegalStateException("an option unknown here: " + option);
      }
    }
  }

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    for (JsonNode json : file.required("cases")) {
      String id = json.required("id").asString();
      double error = file.path("recomputed_max_abs_error").path(id).asDouble(0);
      cases.add(Golden.read(id, () -> new KerasJson(json).read(error)));
    }
    return cases;
  }

  private Golden read(double error) {
    List<Cell> cells = new ArrayList<>();
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    boolean bidirectional = false;
    switch (json.required("kind").asString()) {
      case "layer" -> {
        KerasLayer layer = layer(json.required("layer"), json.required("weights"));
        cells.add(layer.cell());
        weights.putAll(layer.weights("_l0"));
      }
      case "bidirectional" -> {
        bidirectional = true;
        List<KerasLayer> directions =
            List.of(
                layer(json.required("layer"), json.required("weights_forward")),
                layer(json.required("layer"), json.required("weights_backward")));
        directions.forEach(layer -> cells.add(layer.cell()));
        weights.putAll(KerasLayer.weights(directions));
      }
      case "stacked_cells" -> {
        List<Cell> stack = new ArrayList<>();
        for (JsonNode cell : json.required("cells")) {
          KerasLayer layer = layer(cell.required("cell"), cell.required("weights"));
          weights.putAll(layer.weights("_cell" + stack.size() + "_l0"));
          stack.add(layer.cell());
        }
        cells.add(new StackedCells(stack));
      }
      default -> throw new IllegalStateException("a kind unknown here");
    }
    return new GoldenCase(
        json.required("id").asString(),
        cells,
        bidirectional,
        weights,
        input,
        edge(),
        initial(cells),
        Map.of(),
        expected(cells),
        error);
  }

  private KerasLayer layer(JsonNode kind, JsonNode described) {
    Map<String, GoldenTensor> variables = new LinkedHashMap<>();
    described.forEachEntry((name, value) -> variables.put(name, GoldenTensor.described(value)));
    return new KerasLayer(
        kind.asString(),
        variables,
        activation("activation", "tanh"),
        activation("recurrent_activation", "sigmoid"),
        options.path("reset_after").asBoolean(true));
  }

  private Activation activation(String option, String otherwise) {
    return ActivationNames.keras(options.path(option).asString(otherwise), true);
  }

  private Edge edge() {
    int steps = input.size(0);
    boolean[][] mask = new boolean[input.size(1)][steps];
    for (int b = 0; b < mask.length; b++) {
      for (int t = 0; t < steps; t++) {
        mask[b][t] = !json.has("mask") || json.get("mask").get(b).get(t).booleanValue();
      }
    }
    boolean backwards = options.path("go_backwards").asBoolean(false);
    PaddedBatch batch = PaddedBatch.timeMajor(mask);
    return new Edge(
        backwards ? batch.reversed() : batch,
        options.path("zero_output_for_mask").asBoolean(false) ? Fill.ZERO : Fill.REPEAT,
        backwards,
        KerasLayer.merge(json.path("merge_mode").asString("concat")),
        options.path("calls").asInt(1));
  }

  /** The parts of all states one after the other, h before c. */
  private List<List<GoldenTensor>> initial(List<Cell> cells) {
    List<List<GoldenTensor>> states = new ArrayList<>();
    int next = 0;
    for (int k = 0; json.has("initial_state") && k < cells.size(); k++) {
      List<GoldenTensor> parts = new ArrayList<>();
      for (int part = 0; part < cells.get(k).stateSizes().size(); part++) {
        parts.add(GoldenTensor.of(json.get("initial_state").required(next++)));
      }
      states.add(parts);
    }
    return states;
  }

  private Map<String, GoldenTensor> expected(List<Cell> cells) {
    Map<String, GoldenTensor> expected = new LinkedHashMap<>();
    GoldenTensor output = GoldenTensor.of(json.at("/expected/output"));
    boolean sequences = options.path("return_sequences").asBoolean(false);
    String name = sequences ? "output" : "last";
    if (json.path("merge_mode").asString("").equals("none")) {
      putOutput(expected, name + " forward", output.part(0));
      putOutput(expected, name + " backward", output.part(1));
    } else {
      putOutput(expected, name, output);
    }
    if (json.at("/expected/state").isString()) {
      expected.put(GoldenCase.state(0, 0), output); // "equals output"
    }
    JsonNode states = json.at("/expected/states_h1_c1_h2_c2");
    int parts = cells.getFirst().stateSizes().size();
    for (int i = 0; i < states.size(); i++) {
      expected.put(GoldenCase.state(i / parts, i % parts), GoldenTensor.of(states.get(i)));
    }
    return expected;
  }

  /** Batch-major to time-major. */
  private static void putOutput(
      Map<String, GoldenTensor> expected, String name, GoldenTensor output) {
    expected.put(name, name.startsWith("output") ? output.transpose() : output);
  }
}
