package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.DropoutCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.StackedCells;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the figures of TF1's unit tests: single steps of cells, of stacks, and of wrappers. */
final class Tf1Json {
  private static final Map<String, String> OUT_OF_SCOPE =
      Map.of(
          "SRUCell", "there is no SRU cell",
          "NASCell", "there is no NAS cell",
          "UGRNNCell", "there is no UGRNN cell",
          "WeightNormLSTMCell", "there is no weight normalisation");

  /** What is only said to be different. */
  private static final String NOT_COMPARED = "outputs[1]_differs_from";

  /** What a name says beyond the class: {@code (GRUCell)}, {@code == BasicLSTMCell with bias 0.5}. */
  private static final Pattern NAME_END = Pattern.compile("[ (].*");

  private final JsonNode json;
  private final Map<String, GoldenTensor> weights = new LinkedHashMap<>();

  private Tf1Json(JsonNode json) {
    this.json = json;
  }

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    for (JsonNode json : file.required("cases")) {
      String id = json.required("id").asString();
      double error = file.path("recomputed_max_abs_error").path(id).asDouble(0);
      cases.add(Golden.read(id, () -> read(id, json, error)));
    }
    return cases;
  }

  private static Golden read(String id, JsonNode json, double error) {
    String kind = json.required("kind").asString();
    String cell = json.path("cell").asString("");
    if (OUT_OF_SCOPE.containsKey(cell)) {
      return new Golden.OutOfScope(id, OUT_OF_SCOPE.get(cell));
    }
    return switch (kind) {
      case "linear" -> new Golden.OutOfScope(id, "a matrix product is no recurrent cell");
      case "property" -> Tf1Properties.read(id, json);
      default -> new Tf1Json(json).read(id, error);
    };
  }

  private GoldenCase read(String id, double error) {
    Cell cell = json.has("layers") ? stack(json.get("layers")) : cell(json, "_l0");
    GoldenTensor input = input();
    return new GoldenCase(
        id,
        List.of(cell),
        false,
        weights,
        input,
        Edge.ofLengths(input.size(0), Collections.nCopies(input.size(1), input.size(0))),
        List.of(state(json.required("initial_state"))),
        Map.of(),
        expected(),
        error);
  }

  private Cell stack(JsonNode layers) {
    List<Cell> cells = new ArrayList<>();
    for (JsonNode layer : layers) {
      cells.add(cell(layer, "_cell" + cells.size() + "_l0"));
    }
    return new StackedCells(cells);
  }

  /** A cell, whose weights go among the others. */
  private Cell cell(JsonNode described, String suffix) {
    Map<String, GoldenTensor> variables = variables(described);
    String name = NAME_END.matcher(described.required("cell").asString()).replaceFirst("");
    return switch (name) {
      case "DropoutWrapper" -> {
        JsonNode keep = described.required("keep_prob");
        yield new DropoutCell(
            loaded(Tf1Cells.lstm(variables, LstmVariant.TF1), suffix),
            keep.required("input").floatValue(),
            keep.required("output").floatValue(),
            keep.required("state").floatValue(),
            false);
      }
      case "OutputProjectionWrapper" -> {
        weights.put("weight_out" + suffix, get(variables, "projection/kernel").transpose());
        weights.put("bias_out" + suffix, get(variables, "projection/bias"));
        Cell gru = loaded(Tf1Cells.gru(variables, Activation.TANH), suffix);
        yield new OutputProjectionCell(gru, described.required("output_size").intValue());
      }
      case "LayerNormBasicLSTMCell" ->
          described.has("norm_gain")
              ? layerNorm(described, variables, suffix)
              : loaded(Tf1Cells.lstm(variables, lstm(described)), suffix);
      case "GRUCell", "InputProjectionWrapper", "EmbeddingWrapper" ->
          loaded(Tf1Cells.gru(variables, Activation.TANH), suffix);
      case "BasicLSTMCell", "LSTMCell", "LSTMBlockCell", "CoupledInputForgetGateLSTMCell" ->
          loaded(Tf1Cells.lstm(variables, lstm(described)), suffix);
      default -> throw new IllegalStateException("a cell unknown here: " + name);
    };
  }

  private static LstmVariant lstm(JsonNode described) {
    LstmVariant variant =
        LstmVariant.PLAIN.withForgetBias(described.path("forget_bias").floatValue(1));
    return described.required("cell").asString().startsWith("Coupled")
        ? variant.withCoupling(Coupling.INPUT_FROM_FORGET)
        : variant;
  }

  private Cell layerNorm(JsonNode described, Map<String, GoldenTensor> variables, String suffix) {
    Matrix kernel = get(variables, "kernel").toMatrix();
    int hidden = kernel.cols / 4;
    float forgetBias = described.path("forget_bias").floatValue(1);
    int inputs = kernel.rows - hidden;
    StoredCell stored = StoredCell.ofJoined(kernel, inputs, List.of());
    Map<String, String> norms = Map.of("weight_ln", "norm_gain", "bias_ln", "norm_shift");
    for (Map.Entry<String, String> norm : norms.entrySet()) {
      Matrix gates = Matrix.zeros(1, 4 * hidden);
      gates.fill(described.required(norm.getValue()).floatValue());
      stored = stored.with(norm.getKey(), gates);
      stored = stored.with(norm.getKey() + "_c", gates.columnRange(0, hidden));
    }
    return loaded(
        new Tf1Cells.Loaded(new LayerNormLstmCell(inputs, hidden, forgetBias), stored), suffix);
  }

  private Cell loaded(Tf1Cells.Loaded loaded, String suffix) {
    weights.putAll(loaded.weights(suffix));
    return loaded.cell();
  }

  /** [T, B, I]; a single step is [B, I], and what comes before a cell is a dense layer or a table. */
  private GoldenTensor input() {
    Map<String, GoldenTensor> variables = json.has("layers") ? Map.of() : variables(json);
    if (json.has("input_ids")) {
      List<GoldenTensor> rows = new ArrayList<>();
      for (JsonNode ids : json.get("input_ids")) {
        rows.add(get(variables, "embedding").part(ids.required(0).intValue()));
      }
      return GoldenTensor.stack(rows).insert(0);
    }
    GoldenTensor input = GoldenTensor.of(json.required("input"));
    if (variables.containsKey("in_projection/kernel")) {
      input =
          dense(
              input, get(variables, "in_projection/kernel"), get(variables, "in_projection/bias"));
    }
    return input.shape().size() == 2 ? input.insert(0) : input;
  }

  private static GoldenTensor dense(GoldenTensor x, GoldenTensor w, GoldenTensor b) {
    int out = w.size(1);
    GoldenTensor y = GoldenTensor.zeros(List.of(x.size(0), out));
    for (int r = 0; r < x.size(0); r++) {
      for (int c = 0; c < out; c++) {
        y.values()[r * out + c] = b.values()[c];
        for (int k = 0; k < w.size(0); k++) {
          y.values()[r * out + c] += x.values()[r * w.size(0) + k] * w.values()[k * out + c];
        }
      }
    }
    return y;
  }

  /** Of one cell {@code {c, h}}, or a list of them; in parts, h before c. */
  private static List<GoldenTensor> state(JsonNode described) {
    List<GoldenTensor> parts = new ArrayList<>();
    if (described.isArray()) {
      described.forEach(layer -> parts.addAll(state(layer)));
    } else {
      parts.add(GoldenTensor.of(described.required("h")));
      if (described.has("c")) {
        parts.add(GoldenTensor.of(described.required("c")));
      }
    }
    return parts;
  }

  private Map<String, GoldenTensor> expected() {
    Map<String, GoldenTensor> expected = new LinkedHashMap<>();
    json.required("expected")
        .forEachEntry(
            (name, value) -> {
              switch (name) {
                case "output" -> expected.put("last", GoldenTensor.of(value));
                case "outputs" -> expected.put("output", GoldenTensor.of(value));
                case "outputs[0]" -> expected.put("output at 0", GoldenTensor.of(value));
                case "state_concat", "state_concat_per_layer_c_then_h" -> {
                  GoldenTensor joined = GoldenTensor.of(value); // one sequence
                  expected.put("state", joined.reshape(List.of(1, joined.values().length)));
                }
                case "state" -> {
                  List<GoldenTensor> parts = state(value);
                  for (int part = 0; part < parts.size(); part++) {
                    expected.put(GoldenCase.state(0, part), parts.get(part));
                  }
                }
                default -> {
                  if (!name.equals(NOT_COMPARED)) {
                    throw new IllegalStateException("a result unknown here: " + name);
                  }
                }
              }
            });
    return expected;
  }

  static Map<String, GoldenTensor> variables(JsonNode described) {
    Map<String, GoldenTensor> variables = new LinkedHashMap<>();
    described
        .required("weights")
        .forEachEntry(
            (name, value) -> {
              if (value.isObject()) {
                variables.put(name, GoldenTensor.described(value));
              }
            });
    return variables;
  }

  private static GoldenTensor get(Map<String, GoldenTensor> variables, String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }
}
