package dev.sluice.golden;

import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads a JSON file of format {@code rnn-golden/1 (training)}: small models of Keras 2 that are trained for
 * some steps, described in words.
 */
final class TfjsTrainingJson {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private final JsonNode json;
  private final String id;
  private final double error;

  private TfjsTrainingJson(JsonNode json) {
    this.json = json;
    id = json.required("id").asString();
    error = json.path("recomputed_max_abs_error").asDouble(0);
  }

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    for (JsonNode json : file.required("cases")) {
      String id = json.required("id").asString();
      cases.add(Golden.read(id, () -> new TfjsTrainingJson(json).read()));
    }
    return cases;
  }

  private Golden read() {
    if (id.startsWith("bptt_")) {
      return new Golden.Check(id, this::weightMismatches);
    }
    if (id.startsWith("stateful_loss_")) {
      return check(this::statefulLoss, () -> Map.of("loss", figure("loss")));
    }
    return switch (id) {
      case "mask_return_state_lstm" -> check(this::maskedStates, this::expectedStates);
      case "mask_return_sequences_lstm_dense_ones" ->
          check(
              way -> masked(way, List.of(lstm(4))).denseOfEachStep(tokens()),
              () -> Map.of("output", figure("output_4x3x1").reshape(List.of(4, 3, 1)).transpose()));
      case "mask_stacked_simplernn_lstm" ->
          check(
              way -> masked(way, List.of(ones("SimpleRNN", 4), lstm(3))).states(tokens()),
              () -> Map.of("state 1.0", figure("output").reshape(List.of(4, 3))));
      case "mask_bptt_losses" ->
          check(this::maskedLosses, () -> Map.of("losses of epochs 3 and 4", figure("loss")));
      default -> throw new IllegalStateException("a model unknown here");
    };
  }

  private interface Results {
    Map<String, GoldenTensor> of(GoldenRun.Way way);
  }

  private interface Expected {
    Map<String, GoldenTensor> get();
  }

  private Golden check(Results results, Expected expected) {
    return new Golden.Check(
        id, way -> GoldenComparison.mismatches(results.of(way), expected.get(), error));
  }

  /** Weights after steps of plain SGD on ones, from weights that are all equal. */
  private List<String> weightMismatches(GoldenRun.Way way) {
    int[] shape = ints("x"); // [B, T, I]
    List<Double> optimizer = numbers(json.required("optimizer").asString()); // rate, steps
    KerasLayer layer = layer(shape[2], json.required("initial_kernel_and_recurrent").asDouble());
    TfjsModel model = TfjsModel.onFeatures(way, List.of(layer), 1);
    float[] y = new float[shape[0]];
    Arrays.fill(y, numbers(json.required("y").asString()).getLast().floatValue());
    for (int step = 0; step < optimizer.get(1); step++) {
      model.forget();
      model.train(filled(1, shape[1], shape[0], shape[2]), y, optimizer.getFirst().floatValue());
    }
    return GoldenComparison.mismatches(
        model.weights(), expectedWeights(), error + model.rounding());
  }

  private Map<String, GoldenTensor> expectedWeights() {
    int inputs = ints("x")[2];
    GoldenTensor kernelRow = figure("kernel_each_input_row");
    GoldenTensor kernel = GoldenTensor.stack(Collections.nCopies(inputs, kernelRow));
    KerasLayer expected =
        layer(Map.of("kernel", kernel, "recurrent_kernel", figure("recurrent_kernel").insert(0)));
    Map<String, GoldenTensor> weights = new LinkedHashMap<>(expected.weights("_l0"));
    weights.put("dense.kernel", figure("dense_kernel").insert(0));
    return weights;
  }

  /** The mean loss of two batches, the second from the state and the weights after the first. */
  private Map<String, GoldenTensor> statefulLoss(GoldenRun.Way way) {
    int[] shape = ints("x");
    KerasLayer layer = layer(shape[2], 1);
    float head = numbers(json.required("head").asString()).getLast().floatValue();
    TfjsModel model = TfjsModel.onFeatures(way, List.of(layer), head);
    GoldenTensor y = GoldenTensor.of(json.required("y"));
    float rate = numbers(json.required("optimizer").asString()).getLast().floatValue();
    double sum = 0;
    int batches = y.size(0) / shape[0];
    for (int i = 0; i < batches; i++) {
      float[] targets = new float[shape[0]];
      for (int b = 0; b < targets.length; b++) {
        targets[b] = (float) y.values()[i * targets.length + b];
      }
      sum += model.train(filled(1, shape[1], shape[0], shape[2]), targets, rate);
    }
    return Map.of("loss", filled(sum / batches));
  }

  private Map<String, GoldenTensor> maskedStates(GoldenRun.Way way) {
    Map<String, GoldenTensor> states = masked(way, List.of(lstm(4))).states(tokens());
    return Map.of(
        "h", Objects.requireNonNull(states.get("state 0.0")),
        "c", Objects.requireNonNull(states.get("state 0.1")));
  }

  private Map<String, GoldenTensor> expectedStates() {
    List<Integer> shape = List.of(tokens().length, json.required("units").intValue());
    return Map.of("h", figure("h").reshape(shape), "c", figure("c").reshape(shape));
  }

  /** The embedding and the dense layer, bias and all, learn as well. */
  private Map<String, GoldenTensor> maskedLosses(GoldenRun.Way way) {
    TfjsModel model = masked(way, List.of(lstm(4)));
    float[] y = new float[tokens().length];
    for (int b = 0; b < y.length; b++) {
      y[b] = json.required("y").required(b).floatValue();
    }
    double[] losses = new double[4];
    for (int epoch = 0; epoch < losses.length; epoch++) {
      losses[epoch] = model.train(tokens(), y, 0.01f);
    }
    return Map.of(
        "losses of epochs 3 and 4",
        new GoldenTensor(List.of(2), new double[] {losses[2], losses[3]}));
  }

  private TfjsModel masked(GoldenRun.Way way, List<KerasLayer> layers) {
    return TfjsModel.onTokens(way, layers);
  }

  /** All weights one, biases zero but for the forget gate's. */
  private KerasLayer lstm(int inputs) {
    return ones("LSTM", inputs);
  }

  private KerasLayer ones(String kind, int inputs) {
    int units = json.required("units").intValue();
    int gates = kind.equals("LSTM") ? 4 : 1;
    GoldenTensor bias = filled(0, gates * units);
    if (gates == 4) {
      Arrays.fill(bias.values(), units, 2 * units, 1);
    }
    return new KerasLayer(
        kind,
        Map.of(
            "kernel", filled(1, inputs, gates * units),
            "recurrent_kernel", filled(1, units, gates * units),
            "bias", bias),
        Activation.TANH,
        Activation.HARD_SIGMOID,
        false);
  }

  /** Of the described kind, each weight {@code value}, each bias as described. */
  private KerasLayer layer(int inputs, double value) {
    int units = json.required("units").intValue();
    int width = units * gates();
    Map<String, GoldenTensor> variables = new LinkedHashMap<>();
    variables.put("kernel", filled(value, inputs, width));
    variables.put("recurrent_kernel", filled(value, units, width));
    if (json.path("use_bias").asBoolean(true)) {
      variables.put("bias", filled(json.path("bias_initial").asDouble(0), width));
    }
    return layer(variables);
  }

  private KerasLayer layer(Map<String, GoldenTensor> variables) {
    String kind =
        switch (gates()) {
          case 4 -> "LSTM";
          case 3 -> "GRU";
          default -> "SimpleRNN";
        };
    return new KerasLayer(kind, variables, Activation.TANH, Activation.HARD_SIGMOID, false);
  }

  private int gates() {
    String layer = json.required("layer").asString();
    return layer.startsWith("lstm") ? 4 : layer.startsWith("gru") ? 3 : 1;
  }

  private int[][] tokens() {
    return json.required("tokens")
        .valueStream()
        .map(row -> row.valueStream().mapToInt(JsonNode::intValue).toArray())
        .toArray(int[][]::new);
  }

  private GoldenTensor figure(String name) {
    GoldenTensor figure = GoldenTensor.of(json.required("expected").required(name));
    return figure.shape().isEmpty() ? figure.reshape(List.of(1)) : figure;
  }

  private int[] ints(String name) {
    String text = json.required(name).asString();
    return numbers(text.substring(text.indexOf('['), text.indexOf(']'))).stream()
        .mapToInt(Double::intValue)
        .toArray();
  }

  private static List<Double> numbers(String text) {
    return NUMBER.matcher(text).results().map(MatchResult::group).map(Double::valueOf).toList();
  }

  private static GoldenTensor filled(double value, Integer... shape) {
    List<Integer> sizes = shape.length == 0 ? List.of(1) : List.of(shape);
    GoldenTensor tensor = GoldenTensor.zeros(sizes);
    Arrays.fill(tensor.values(), value);
    return tensor;
  }
}
