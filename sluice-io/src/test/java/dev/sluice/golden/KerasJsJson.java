package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads a JSON file of format {@code rnn-golden/1 (keras-js)}: layers of Keras 2 over one sequence. */
final class KerasJsJson {
  private static final List<String> VARIABLES = List.of("kernel", "recurrent_kernel", "bias");

  private KerasJsJson() {}

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    for (JsonNode json : file.required("cases")) {
      cases.add(Golden.read(json.required("id").asString(), () -> read(json)));
    }
    return cases;
  }

  private static Golden read(JsonNode json) {
    boolean bidirectional = json.required("layer").asString().equals("Bidirectional");
    JsonNode config = json.required("config");
    JsonNode inner = bidirectional ? config.at("/layer/config") : config;
    String kind =
        (bidirectional ? config.at("/layer/class_name") : json.required("layer")).asString();
    boolean hasBias = inner.path("use_bias").asBoolean(true);
    List<KerasLayer> directions = new ArrayList<>();
    int next = 0;
    for (int d = 0; d < (bidirectional ? 2 : 1); d++) {
      Map<String, GoldenTensor> variables = new LinkedHashMap<>();
      for (String name : VARIABLES.subList(0, hasBias ? 3 : 2)) {
        variables.put(name, GoldenTensor.of(json.required("weights").required(next++)));
      }
      directions.add(
          new KerasLayer(
              kind,
              variables,
              activation(inner, "activation", "tanh"),
              activation(inner, "recurrent_activation", "hard_sigmoid"),
              false));
    }
    GoldenTensor input = GoldenTensor.of(json.required("input")).insert(1); // [T, 1, I]
    GoldenTensor expected = GoldenTensor.of(json.required("expected"));
    boolean sequences = expected.shape().size() == 2;
    List<Cell> cells = directions.stream().map(KerasLayer::cell).toList();
    return new GoldenCase(
        json.required("id").asString(),
        cells,
        bidirectional,
        KerasLayer.weights(directions),
        input,
        edge(json, inner, input.size(0)),
        List.of(),
        Map.of(),
        sequences ? Map.of("output", expected.insert(1)) : Map.of("last", expected.insert(0)),
        json.path("recomputed_max_abs_error").asDouble(0));
  }

  private static Activation activation(JsonNode config, String name, String otherwise) {
    return ActivationNames.keras(config.path(name).asString(otherwise), false);
  }

  private static Edge edge(JsonNode json, JsonNode config, int steps) {
    PaddedBatch batch = PaddedBatch.timeMajor(PaddedBatch.mask(steps, steps));
    boolean backwards = config.path("go_backwards").asBoolean(false);
    return new Edge(
        backwards ? batch.reversed() : batch,
        Fill.REPEAT,
        backwards,
        KerasLayer.merge(json.at("/config/merge_mode").asString("concat")),
        json.path("calls").asInt(1));
  }
}
