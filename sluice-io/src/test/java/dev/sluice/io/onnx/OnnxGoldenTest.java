package dev.sluice.io.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Network;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * ONNX's own tests of its recurrent operators, and models of others, in {@code ../../shared/golden}, a collection
 * that may lie beside the checkout.
 */
class OnnxGoldenTest {
  private static final Path COLLECTION = Path.of("..", "..", "shared", "golden");
  private static final double TOLERANCE = 1e-5;

  /** Inputs of nodes that are constants for Sluice. */
  private static final Set<String> WEIGHTS = Set.of("W", "R", "B", "P");

  @TestFactory
  Stream<DynamicTest> models() throws IOException {
    if (!Files.isDirectory(COLLECTION)) {
      System.out.printf("golden: no %s, so no ONNX models of others are read%n", COLLECTION);
      return Stream.empty();
    }
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> cases = Files.list(COLLECTION.resolve("onnx-node"))) {
      cases
          .filter(Files::isDirectory)
          .sorted()
          .forEach(folder -> tests.add(dynamicTest(folder.toString(), () -> checkNode(folder))));
    }
    assertThat(tests).isNotEmpty();
    tests.add(dynamicTest("silero", OnnxGoldenTest::checkSilero));
    tests.add(dynamicTest("export of a state dict", OnnxGoldenTest::checkExport));
    System.out.printf("golden onnx: %d models%n", tests.size());
    return tests.stream();
  }

  /** A model of one node whose weights are inputs, with inputs and outputs as tensors. */
  private static void checkNode(Path folder) throws IOException {
    Map<String, Constant> tensors = tensors(folder.resolve("test_data_set_0"), "input_");
    Map<String, Constant> weights = new LinkedHashMap<>(tensors);
    weights.keySet().retainAll(WEIGHTS);
    OnnxContents contents = OnnxReader.read(folder.resolve("model.onnx"), weights);
    assertThat(contents.obstacle()).isEmpty();
    OnnxNetwork model = contents.network().orElseThrow();

    Constant x = requireNonNull(tensors.get("X"));
    boolean batchMajor = model.layout() == Layout.BATCH_MAJOR;
    int steps = x.shape().get(batchMajor ? 1 : 0);
    int[] lengths = new int[x.shape().get(batchMajor ? 0 : 1)];
    Arrays.fill(lengths, steps);
    if (model.ports().contains(Port.LENGTHS)) {
      long[] given = requireNonNull(tensors.get("sequence_lens")).longs();
      lengths = Arrays.stream(given).mapToInt(Math::toIntExact).toArray();
    }
    Map<String, Matrix> initial = new LinkedHashMap<>();
    if (model.ports().contains(Port.INITIAL_STATES)) {
      initial.put("h0", matrix(requireNonNull(tensors.get("initial_h"))));
      initial.put("c0", matrix(requireNonNull(tensors.get("initial_c"))));
    }
    Map<String, Matrix> actual = NetworkRun.results(model, matrix(x), steps, lengths, initial);
    Map<String, Constant> expected = tensors(folder.resolve("test_data_set_0"), "output_");
    assertThat(expected).isNotEmpty();
    expected.forEach(
        (name, values) -> {
          boolean end = name.equals("Y") || expected.size() == 1;
          assertClose(name, actual, end ? "output" : "h_n", values.floats());
        });
  }

  private static Map<String, Constant> tensors(Path folder, String prefix) throws IOException {
    Map<String, Constant> tensors = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toFile().getName().startsWith(prefix))
          .forEach(
              file -> {
                TensorParser.Named tensor = OnnxReader.readTensor(file);
                tensors.put(tensor.name(), tensor.constant().orElseThrow());
              });
    }
    return tensors;
  }

  /** 200 frames: what the encoder gave, and the h and c that ONNX Runtime computed from it. */
  private static void checkSilero() {
    Path folder = COLLECTION.resolve("models").resolve("silero");
    OnnxContents contents = OnnxReader.read(folder.resolve("silero_vad_16k_op15.onnx"));
    assertThat(contents.layers())
        .extracting(OnnxLayer::node)
        .containsExactly("/model/decoder/rnn/LSTM", "/model/decoder/rnn_1/LSTM");
    JsonNode tape = JsonMapper.shared().readTree(folder.resolve("lstm_tape.json"));
    Matrix features = matrix(tape.required("features"));
    assertThat(features.rows).isEqualTo(200);
    OnnxLayer layer = contents.layers().getFirst();
    OnnxNetwork model = new OnnxNetwork(layer.network(), layer.layout(), Set.of());
    Matrix h = Matrix.zeros(1, 128);
    Matrix c = Matrix.zeros(1, 128);
    Matrix expectedH = matrix(tape.required("ort_h"));
    Matrix expectedC = matrix(tape.required("ort_c"));
    for (int frame = 0; frame < features.rows; frame++) {
      Map<String, Matrix> results =
          NetworkRun.results(
              model,
              features.rowRange(frame, frame + 1),
              1,
              new int[] {1},
              Map.of("h0", h, "c0", c));
      h = requireNonNull(results.get("h_n"));
      c = requireNonNull(results.get("c_n"));
      assertClose("h of frame " + frame, results, "h_n", row(expectedH, frame));
      assertClose("c of frame " + frame, results, "c_n", row(expectedC, frame));
    }
  }

  /** The weights of an exported model are those of the state dict that was saved beside it. */
  private static void checkExport() {
    Path folder = COLLECTION.resolve("pytorch-files");
    Network network =
        OnnxReader.read(folder.resolve("lstm_export_op14.onnx")).network().orElseThrow().network();
    JsonNode state = JsonMapper.shared().readTree(folder.resolve("lstm_state_dict.json"));
    for (Parameter p : network.parameters().all()) {
      Matrix stored = matrix(state.required(p.name().replace("lstm.", "")));
      boolean turned = p.spec().kind() == ParameterSpec.Kind.WEIGHT;
      for (int r = 0; r < p.value().rows; r++) {
        for (int col = 0; col < p.value().cols; col++) {
          assertThat(p.value().get(r, col))
              .isEqualTo(turned ? stored.get(col, r) : stored.get(0, col));
        }
      }
    }
  }

  /** Within 1e-5 of the largest element, which is the rule of all golden numbers. */
  private static void assertClose(
      String what, Map<String, Matrix> actual, String name, float[] expected) {
    float[] values = requireNonNull(actual.get(name)).toArray();
    assertThat(values).as(what).hasSameSizeAs(expected);
    double largest =
        IntStream.range(0, values.length)
            .mapToDouble(i -> Math.abs(values[i] - expected[i]))
            .max()
            .orElseThrow();
    assertThat(largest).as(what).isLessThan(TOLERANCE * size(expected));
  }

  private static double size(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElse(0);
  }

  private static float[] row(Matrix m, int r) {
    return m.rowRange(r, r + 1).toArray();
  }

  private static Matrix matrix(Constant constant) {
    int cols = constant.shape().getLast();
    return Matrix.of(constant.count() / cols, cols, constant.floats());
  }

  /** A list of numbers as one row, or a list of rows. */
  private static Matrix matrix(JsonNode json) {
    boolean rows = json.get(0).isArray();
    int cols = rows ? json.get(0).size() : json.size();
    Matrix m = Matrix.zeros(rows ? json.size() : 1, cols);
    for (int i = 0; i < m.rows * m.cols; i++) {
      JsonNode row = rows ? json.get(i / cols) : json;
      m.set(i / cols, i % cols, row.get(i % cols).floatValue());
    }
    return m;
  }
}
