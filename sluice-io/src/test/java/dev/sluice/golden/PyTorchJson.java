package dev.sluice.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import tools.jackson.databind.JsonNode;

/**
 * Reads the cases of a JSON file of format {@code rnn-golden/1 (pytorch)}: modules over sequences
 * with every gradient, modules of one step, and a module whose weights are formulas.
 */
final class PyTorchJson {
  private static final List<String> OPTIONS =
      List.of("bias", "num_layers", "bidirectional", "batch_first", "nonlinearity", "proj_size");

  private PyTorchJson() {}

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    file.path("cases").forEach(json -> cases.add(sequences(json)));
    file.path("cells").forEach(json -> cases.addAll(oneStep(json)));
    file.path("candle_formula")
        .path("result")
        .forEachEntry((mode, state) -> cases.add(formula(mode, state)));
    return cases;
  }

  private static GoldenCase sequences(JsonNode json) {
    JsonNode results = json.required("expected");
    Map<String, GoldenTensor> others = new LinkedHashMap<>();
    for (String state : List.of("h0", "c0")) {
      put(others, state, json.required(state));
      put(others, "grad." + state, results.required("grad_" + state));
    }
    for (String result : List.of("output", "h_n", "c_n")) {
      put(others, result, results.required(result));
      put(others, "G_" + result, results.required(result));
    }
    // loss = Σ output[k]·cos(0.31·k) + 0.5·Σ h_n + 0.25·Σ c_n
    fill(others, "G_output", k -> Math.cos(0.31 * k));
    fill(others, "G_h_n", k -> 0.5);
    fill(others, "G_c_n", k -> 0.25);
    put(others, "grad.input", results.required("grad_input"));
    json.required("parameters").forEachEntry((name, value) -> put(others, name, value));
    results
        .required("grad_parameters")
        .forEachEntry((name, value) -> put(others, "grad." + name, value));

    List<Integer> lengths = new ArrayList<>();
    json.required("lengths").forEach(length -> lengths.add(length.asInt()));
    return module(json, json.required("hidden_size").asInt())
        .toCase(id(json), GoldenTensor.of(json.required("input")), others, lengths);
  }

  /** Two cases, without gradients: from a state, and without one. */
  private static List<GoldenCase> oneStep(JsonNode json) {
    GoldenTensor input = GoldenTensor.of(json.required("input"));
    JsonNode results = json.required("expected");
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    json.required("parameters").forEachEntry((name, value) -> put(weights, name, value));
    Map<String, GoldenTensor> fromState = new LinkedHashMap<>(weights);
    put(fromState, "h0", json.required("h"));
    put(fromState, "c0", json.required("c"));
    put(fromState, "h_n", results.required("h"));
    put(fromState, "c_n", results.required("c"));
    Map<String, GoldenTensor> fromNone = new LinkedHashMap<>(weights);
    put(fromNone, "h_n", results.required("h_from_no_state"));

    PyTorchModule module = module(json, GoldenTensor.of(json.required("h")).size(1));
    return List.of(
        module.toCase(id(json), input, fromState, List.of()),
        module.toCase(id(json) + " without state", input, fromNone, List.of()));
  }

  /** The test of candle: weights are cosines and sines of their index. Not stored, so made here. */
  private static GoldenCase formula(String mode, JsonNode state) {
    int gates = mode.equals("LSTM") ? 4 : 3;
    double[] steps = {3, 1, 4, 1, 5, 9, 2};
    double[] biases = {-1, 1, -0.5, 2};
    Map<String, GoldenTensor> others = new LinkedHashMap<>();
    others.put("weight_ih_l0", tensor(Math::cos, List.of(gates * 3, 2)));
    others.put("weight_hh_l0", tensor(Math::sin, List.of(gates * 3, 3)));
    others.put("bias_ih_l0", tensor(k -> biases[k % 4], List.of(gates * 3)));
    others.put("bias_hh_l0", tensor(k -> Math.cos(biases[k % 4]), List.of(gates * 3)));
    put(others, "h_n", state.required(0));
    put(others, "c_n", state.path(1));
    others.replaceAll((name, t) -> name.endsWith("_n") ? t.insert(0) : t); // of layers
    GoldenTensor input = tensor(k -> k % 2 == 0 ? steps[k / 2] : steps[k / 2] / 2, List.of(7, 2));
    return new PyTorchModule(mode, 3, 1, false, true, false, 0)
        .toCase("candle_formula " + mode, input, others, List.of());
  }

  private static PyTorchModule module(JsonNode json, int hiddenSize) {
    JsonNode options = json.required("kwargs");
    for (String option : options.propertyNames()) {
      if (!OPTIONS.contains(option)) {
        throw new IllegalStateException(id(json) + " has an option unknown here: " + option);
      }
    }
    String mode = json.required("module").asString().replace("nn.", "").replace("Cell", "_CELL");
    String nonlinearity = options.path("nonlinearity").asString("tanh");
    return new PyTorchModule(
        mode.replace("RNN", nonlinearity.equals("relu") ? "RNN_RELU" : "RNN_TANH"),
        hiddenSize,
        options.path("num_layers").asInt(1),
        options.path("bidirectional").asBoolean(false),
        options.path("bias").asBoolean(true),
        options.path("batch_first").asBoolean(false),
        options.path("proj_size").asInt(0));
  }

  private static String id(JsonNode json) {
    return json.required("id").asString();
  }

  /** Nothing for null, which stands for what a module does not have. */
  private static void put(Map<String, GoldenTensor> tensors, String name, JsonNode value) {
    if (value.isArray()) {
      tensors.put(name, GoldenTensor.of(value));
    }
  }

  private static void fill(
      Map<String, GoldenTensor> tensors, String name, IntToDoubleFunction value) {
    tensors.computeIfPresent(name, (n, t) -> tensor(value, t.shape()));
  }

  private static GoldenTensor tensor(IntToDoubleFunction value, List<Integer> shape) {
    GoldenTensor tensor = GoldenTensor.zeros(shape);
    Arrays.setAll(tensor.values(), value);
    return tensor;
  }
}
