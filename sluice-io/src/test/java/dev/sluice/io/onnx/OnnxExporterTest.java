package dev.sluice.io.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnxruntime.OrtException;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models of PyTorch's exporter, and of others': rebuilt whole where they are chains of layers, and then equal to
 * what ONNX Runtime computes. {@code make_onnx_files.py} made them.
 */
class OnnxExporterTest {
  private static final int BATCH = 2;
  private static final int STEPS = 5;
  private static final double TOLERANCE = 1e-6;

  private static Path file(String name) {
    try {
      return Path.of(requireNonNull(OnnxExporterTest.class.getResource(name + ".onnx")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "torch_last_step,      'BATCH_MAJOR [] rnn last head softmax',        x 2 5 3",
    "torch_both_ends,      'BATCH_MAJOR [] words encoder head.1 relu head.3', x 2 5",
    "torch_language_model, 'TIME_MAJOR [INITIAL_STATES, FINAL_STATES] encoder rnn decoder', x 5 2;h"
        + " 2 2 4;c 2 2 4",
    "torch_last_layer,     'TIME_MAJOR [] rnn head sigmoid',              x 5 2 3",
    "torch_linear_first,   'BATCH_MAJOR [] before relu both sigmoid rnn',  x 2 5 3",
    "torch_unfolded,       'TIME_MAJOR [] first between tanh second',     x 5 2 3",
    "torch_static,         'TIME_MAJOR [] first between tanh second',     x 5 2 3",
    "torch_one_step,       'ONE_STEP [INITIAL_STATES, FINAL_STATES] cell', x 2 3;h 2 4;c 2 4",
    "keras_tagger,         'BATCH_MAJOR [] lstm dense softmax',           x 2 5 3",
    "keras_bidirectional,  'BATCH_MAJOR [] gru dense',                    x 2 5 3",
    "keras_sum,            'BATCH_MAJOR [] embedding lstm',               x 2 5",
    "typed_weights,        'TIME_MAJOR [] lstm',                          x 5 2 2",
  })
  void chainsAreRebuiltWhole(String name, String expected, String shapes) throws OrtException {
    OnnxContents contents = OnnxReader.read(file(name));
    assertThat(contents.obstacle()).isEmpty();
    OnnxNetwork model = contents.network().orElseThrow();
    Network network = model.network();
    String layers = String.join(" ", network.layers().stream().map(NetworkLayer::name).toList());
    List<OnnxNetwork.Port> ports = model.ports().stream().sorted().toList();
    assertThat("%s %s %s".formatted(model.layout(), ports, layers)).isEqualTo(expected);

    Map<String, OrtRun.Input> inputs = new LinkedHashMap<>();
    Map<String, Matrix> given = new LinkedHashMap<>();
    for (String input : shapes.split(";", -1)) {
      String[] words = input.split(" ");
      long[] shape = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
      boolean tokens = words[0].equals("x") && network.inputWidth() == 1;
      Matrix values = random(words[0], shape, tokens);
      given.put(words[0].equals("x") ? "x" : words[0] + "0", values);
      boolean longs = tokens && !name.equals("keras_sum");
      inputs.put(
          words[0],
          longs
              ? OrtRun.Input.longs(wholes(values), shape)
              : OrtRun.Input.floats(values.data, shape));
    }
    Matrix x = requireNonNull(given.remove("x"));
    int steps = x.rows / BATCH;
    assertThat(steps).isIn(1, STEPS);
    int[] lengths = {steps, steps};
    Map<String, Matrix> actual = NetworkRun.results(model, x, steps, lengths, given);
    Map<String, float[]> results = OrtRun.results(file(name), inputs);
    results.forEach(
        (output, values) ->
            assertThat(largestDifference(of(actual, output, results), values))
                .as(output)
                .isLessThan(TOLERANCE));
  }

  /** The first output is that of the network, the others are final states. */
  private static float[] of(
      Map<String, Matrix> actual, String output, Map<String, float[]> results) {
    boolean first = output.equals(results.keySet().iterator().next());
    String name = first ? "output" : output.charAt(0) + "_n";
    return requireNonNull(actual.get(name)).toArray();
  }

  @Test
  void ofABranchingModelTheRecurrentNodesAreTaken() {
    OnnxContents contents = OnnxReader.read(file("torch_branching"));
    assertThat(contents.network()).isEmpty();
    assertThat(contents.obstacle())
        .isEqualTo("LSTM \"/right/LSTM\" is no part of a chain of layers");
    assertThat(contents.layers())
        .extracting(OnnxLayer::name, OnnxLayer::node)
        .containsExactly(tuple("left", "/left/LSTM"), tuple("right", "/right/LSTM"));
    assertThat(contents.others()).contains("Mul \"/Mul\"", "Cos \"/Cos\"");
  }

  @Test
  void nodesInsideOfBranchesAreTaken() throws OrtException {
    OnnxContents contents = OnnxReader.read(file("branches"));
    assertThat(contents.obstacle()).isEqualTo("If \"y__If\" is no part of a chain of layers");
    assertThat(contents.layers())
        .extracting(OnnxLayer::name)
        .containsExactly("else.rnn", "then.rnn");
    assertThat(contents.others()).containsExactly("If \"y__If\"");
    Matrix x = random("x", new long[] {STEPS, BATCH, 3}, false);
    float[] expected =
        requireNonNull(
            OrtRun.results(
                    file("branches"),
                    Map.of(
                        "x", OrtRun.Input.floats(x.data, STEPS, BATCH, 3),
                        "which", OrtRun.Input.bool(true)))
                .get("y"));
    for (OnnxLayer layer : contents.layers()) {
      OnnxNetwork model = new OnnxNetwork(layer.network(), layer.layout(), Set.of());
      Map<String, Matrix> results =
          NetworkRun.results(model, x, STEPS, new int[] {STEPS, STEPS}, Map.of());
      assertThat(largestDifference(requireNonNull(results.get("h_n")).toArray(), expected))
          .isLessThan(TOLERANCE);
    }
  }

  private static double largestDifference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    return IntStream.range(0, actual.length)
        .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
        .max()
        .orElseThrow();
  }

  /** A row for each element of all dimensions but the last; tokens are one column. */
  private static Matrix random(String name, long[] shape, boolean tokens) {
    int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    int cols = tokens ? 1 : (int) shape[shape.length - 1];
    Matrix m = Matrix.zeros(count / cols, cols);
    for (int i = 0; i < count; i++) {
      float uniform = RandomKey.of(5).fold(name).uniform(i);
      m.data[i] = tokens ? (int) (7 * uniform) : 2 * uniform - 1;
    }
    return m;
  }

  private static long[] wholes(Matrix m) {
    return IntStream.range(0, m.data.length).mapToLong(i -> (long) m.data[i]).toArray();
  }
}
