package dev.sluice.io.onnx;

import static dev.sluice.io.onnx.OnnxSamples.INPUTS;
import static dev.sluice.io.onnx.OnnxSamples.STEPS;
import static dev.sluice.io.onnx.OnnxSamples.TOKENS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sluice.cell.Cell;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.io.onnx.OnnxSamples.Sample;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.RecurrentLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ONNX Runtime computes with models that {@link OnnxWriter} writes, beside what Sluice computes. */
class OnnxRuntimeTest {
  private static final int BATCH = 3;
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  static List<Sample> samples() {
    return OnnxSamples.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bothComputeTheSame(Sample sample) throws IOException, OrtException {
    OnnxNetwork model = sample.model();
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, model);
    int steps = model.layout() == Layout.ONE_STEP ? 1 : STEPS;
    boolean ragged = model.ports().contains(Port.LENGTHS);
    int[] lengths = ragged ? new int[] {STEPS - 2, STEPS, 1} : new int[] {steps, steps, steps};
    Map<String, OrtRun.Input> inputs = new LinkedHashMap<>();
    Matrix x = input(model, steps, inputs);
    if (ragged) {
      inputs.put("lengths", OrtRun.Input.ints(lengths));
    }
    Map<String, Matrix> states = states(model, inputs);

    Map<String, float[]> expected = OrtRun.results(file, inputs);
    Map<String, Matrix> actual = NetworkRun.results(model, x, steps, lengths, states);
    boolean finalStates = model.ports().contains(Port.FINAL_STATES);
    assertThat(expected.keySet()).isEqualTo(finalStates ? actual.keySet() : Set.of("output"));
    expected.forEach(
        (name, values) ->
            assertThat(largestDifference(requireNonNull(actual.get(name)).toArray(), values))
                .as(name)
                .isLessThan(TOLERANCE));
  }

  private static double largestDifference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    return IntStream.range(0, actual.length)
        .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
        .max()
        .orElseThrow();
  }

  private static Matrix input(OnnxNetwork model, int steps, Map<String, OrtRun.Input> inputs) {
    long[] shape =
        switch (model.layout()) {
          case TIME_MAJOR -> new long[] {steps, BATCH};
          case BATCH_MAJOR -> new long[] {BATCH, steps};
          case ONE_STEP -> new long[] {BATCH};
        };
    if (model.network().layers().getFirst() instanceof EmbeddingLayer) {
      long[] tokens =
          LongStream.range(0, (long) steps * BATCH).map(r -> (7 * r + 1) % TOKENS).toArray();
      Matrix x = Matrix.zeros(tokens.length, 1);
      IntStream.range(0, tokens.length).forEach(r -> x.set(r, 0, (float) tokens[r]));
      inputs.put("input", OrtRun.Input.longs(tokens, shape));
      return x;
    }
    Matrix x = random("input", steps * BATCH, INPUTS);
    long[] sizes = Arrays.copyOf(shape, shape.length + 1);
    sizes[shape.length] = INPUTS;
    inputs.put("input", OrtRun.Input.floats(x.data, sizes));
    return x;
  }

  private static Map<String, Matrix> states(OnnxNetwork model, Map<String, OrtRun.Input> inputs) {
    Map<String, Matrix> states = new LinkedHashMap<>();
    if (model.ports().contains(Port.INITIAL_STATES)) {
      for (RecurrentLayer layer : model.network().recurrentLayers()) {
        List<Cell> cells = layer.recurrent().cells();
        int units = cells.getFirst().outputSize();
        for (String part : cells.getFirst().stateNames()) {
          String name = model.port(layer, part + "0");
          Matrix state = random(name, cells.size() * BATCH, units);
          states.put(name, state);
          inputs.put(name, OrtRun.Input.floats(state.data, cells.size(), BATCH, units));
        }
      }
    }
    return states;
  }

  /** Numbers in -1 to 1; the same for the same name. */
  private static Matrix random(String name, int rows, int cols) {
    Matrix m = Matrix.zeros(rows, cols);
    for (int i = 0; i < m.data.length; i++) {
      m.data[i] = 2 * RandomKey.of(3).fold(name).uniform(i) - 1;
    }
    return m;
  }
}
