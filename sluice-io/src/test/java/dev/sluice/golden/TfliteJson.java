package dev.sluice.golden;

import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.golden.GoldenCase.Edge;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads a JSON file of format {@code rnn-golden/1 (tflite)}: LSTM kernels of TFLite with weights in the form
 * of the equivalent TF1 cell, peepholes apart.
 */
final class TfliteJson {
  private static final Map<String, String> PEEPHOLES =
      Map.of(
          "cell_to_input_weights", "w_i_diag",
          "cell_to_forget_weights", "w_f_diag",
          "cell_to_output_weights", "w_o_diag");

  private TfliteJson() {}

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
    JsonNode tf1 = json.required("tf1_equivalent");
    Map<String, GoldenTensor> variables = new LinkedHashMap<>();
    variables.put("kernel", GoldenTensor.of(tf1.required("kernel")));
    variables.put("bias", GoldenTensor.of(tf1.required("bias")));
    if (tf1.has("projection_kernel")) {
      variables.put("projection/kernel", GoldenTensor.of(tf1.get("projection_kernel")));
    }
    PEEPHOLES.forEach(
        (tflite, name) -> {
          if (json.at("/weights_tflite/" + tflite).isArray()) {
            variables.put(name, GoldenTensor.of(json.at("/weights_tflite/" + tflite)));
          }
        });
    LstmVariant variant =
        LstmVariant.PLAIN
            .withForgetBias(json.path("forget_bias_at_run_time").floatValue(0))
            .withCoupling(
                json.required("cifg").booleanValue() ? Coupling.INPUT_FROM_FORGET : Coupling.NONE);
    Tf1Cells.Loaded loaded = Tf1Cells.lstm(variables, variant);
    GoldenTensor input = GoldenTensor.of(json.required("input")).transpose(); // [T, B, I]
    GoldenTensor output = GoldenTensor.of(json.required("expected_outputs")).transpose();
    return new GoldenCase(
        id,
        List.of(loaded.cell()),
        false,
        loaded.weights("_l0"),
        input,
        Edge.ofLengths(input.size(0), Collections.nCopies(input.size(1), input.size(0))),
        List.of(),
        Map.of(),
        Map.of("output", output),
        error);
  }
}
