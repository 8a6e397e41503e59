package dev.sluice.bench.onnxruntime;

import dev.sluice.bench.onnxruntime.OnnxGraph.Node;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.LstmShape;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import java.util.List;

/** The workloads as ONNX models. Inputs and outputs are {@code x} and {@code y}; states {@code h0}, {@code c0}, {@code h0_next} ... */
final class OnnxLstm {
  /** Where ONNX's gates, i o f c, stand among Sluice's i f g o. */
  private static final int[] GATES = {0, 3, 1, 2};

  private final OnnxGraph graph = new OnnxGraph();
  private final LstmShape lstm;
  private final Parameters parameters;

  private OnnxLstm(LstmShape lstm, Parameters parameters) {
    this.lstm = lstm;
    this.parameters = parameters;
  }

  /**
   * One step: x (1, 1, inputs) and the state of each layer (1, 1, H); y is (1, outputs), and without a dense layer the
   * last layer's next h.
   */
  static byte[] stream(StreamingWorkload workload) {
    OnnxLstm model = new OnnxLstm(workload.lstm(), workload.parameters());
    OnnxGraph graph = model.graph.input("x", 1, 1, workload.lstm().inputs());
    long hidden = workload.lstm().hidden();
    String features = "x";
    for (int layer = 0; layer < workload.lstm().depth(); layer++) {
      String h = "h" + layer;
      String c = "c" + layer;
      graph.input(h, 1, 1, hidden).input(c, 1, 1, hidden);
      graph.output(h + "_next", 1, 1, hidden).output(c + "_next", 1, 1, hidden);
      List<String> inputs = List.of(features, "W" + layer, "R" + layer, "B" + layer, "", h, c);
      graph.add(model.layer(layer, inputs, List.of("", h + "_next", c + "_next")));
      features = h + "_next";
    }
    if (workload.dense().isPresent()) {
      model.dense(features, workload.outputs());
    }
    return graph.toModel();
  }

  /** Whole sequences: x is (T, B, inputs), y is (T, B, features of the last layer). */
  static byte[] sequences(InferenceWorkload workload) {
    LstmShape lstm = workload.lstm();
    OnnxLstm model = new OnnxLstm(lstm, workload.parameters());
    long steps = workload.steps();
    long batch = workload.batch();
    OnnxGraph graph =
        model
            .graph
            .input("x", steps, batch, lstm.inputs())
            .output("y", steps, batch, lstm.outputs())
            .constant("shape", steps, batch, lstm.outputs());
    String features = "x";
    for (int layer = 0; layer < lstm.depth(); layer++) {
      List<String> inputs = List.of(features, "W" + layer, "R" + layer, "B" + layer);
      String byDirection = "Y" + layer; // (T, directions, B, H)
      String byStep = "Z" + layer; // (T, B, directions, H)
      features = layer == lstm.depth() - 1 ? "y" : "X" + (layer + 1);
      graph
          .add(model.layer(layer, inputs, List.of(byDirection)))
          .add(
              new Node("Transpose", List.of(byDirection), List.of(byStep)).with("perm", 0, 2, 1, 3))
          .add(new Node("Reshape", List.of(byStep, "shape"), List.of(features)));
    }
    return graph.toModel();
  }

  /** The node of a layer, both directions, and its weights. */
  private Node layer(int layer, List<String> inputs, List<String> outputs) {
    int directions = lstm.directions();
    int width = 4 * lstm.hidden();
    graph.constant(
        "W" + layer, gates("weight_ih_l" + layer), directions, width, lstm.inputs(layer));
    graph.constant("R" + layer, gates("weight_hh_l" + layer), directions, width, lstm.hidden());
    float[] biases = new float[directions * 2 * width];
    for (int d = 0; d < directions; d++) {
      String suffix = layer + (d == 0 ? "" : "_reverse");
      put(gatesOf("bias_ih_l" + suffix), biases, 2 * d * width);
      put(gatesOf("bias_hh_l" + suffix), biases, (2 * d + 1) * width);
    }
    graph.constant("B" + layer, biases, directions, 2L * width);
    return new Node("LSTM", inputs, outputs)
        .with("hidden_size", lstm.hidden())
        .with("direction", lstm.bidirectional() ? "bidirectional" : "forward");
  }

  private void dense(String features, int outputs) {
    Matrix weight = parameters.get("dense.weight").value();
    graph
        .constant("V", weight.toArray(), weight.rows, weight.cols)
        .constant("b", parameters.get("dense.bias").value().toArray(), outputs)
        .constant("flat", 1, weight.rows)
        .output("y", 1, outputs)
        .add(new Node("Reshape", List.of(features, "flat"), List.of("last")))
        .add(new Node("Gemm", List.of("last", "V", "b"), List.of("y")));
  }

  /** A weight of all directions, one after the other. */
  private float[] gates(String name) {
    float[] forward = gatesOf(name);
    if (!lstm.bidirectional()) {
      return forward;
    }
    float[] backward = gatesOf(name + "_reverse");
    float[] both = new float[2 * forward.length];
    put(forward, both, 0);
    put(backward, both, forward.length);
    return both;
  }

  /** A parameter (in, 4H) as [4H, in], gates in ONNX's order. */
  private float[] gatesOf(String name) {
    Matrix m = parameters.get("lstm." + name).value();
    int hidden = lstm.hidden();
    float[] values = new float[m.rows * m.cols];
    for (int row = 0; row < m.cols; row++) {
      int gate = GATES[row / hidden];
      for (int in = 0; in < m.rows; in++) {
        values[row * m.rows + in] = m.get(in, gate * hidden + row % hidden);
      }
    }
    return values;
  }

  private static void put(float[] part, float[] whole, int offset) {
    System.arraycopy(part, 0, whole, offset, part.length);
  }
}
