package dev.sluice.io.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.tape.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime computes with models that {@link OnnxWriter} writes, beside what Sluice computes. */
class OnnxRuntimeTest {
  private static final int BATCH = 3;
  private static final int STEPS = 5;
  private static final int INPUTS = 4;
  private static final int UNITS = 6;
  private static final double TOLERANCE = 1e-5;
  private static final Set<Port> ALL_PORTS = EnumSet.allOf(Port.class);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "LSTM, 1, false",
    "LSTM, 1, true",
    "LSTM, 2, false",
    "LSTM, 3, true",
    "GRU, 1, false",
    "GRU, 1, true",
    "GRU, 2, true",
    "GRU reset before, 1, false",
    "GRU reset before, 2, true",
    "RNN, 1, false",
    "RNN, 2, true",
    "RNN relu, 2, false"
  })
  void layersAndDirections(String kind, int layers, boolean bidirectional) throws Exception {
    assertEqual(
        Layout.TIME_MAJOR, ALL_PORTS, RecurrentLayer.of(recurrent(kind, layers, bidirectional)));
  }

  @ParameterizedTest
  @CsvSource({"LSTM, REVERSE", "GRU, REVERSE", "RNN, REVERSE", "LSTM, GO_BACKWARDS"})
  void turnedRound(String kind, Reading reading) throws Exception {
    Recurrent recurrent = recurrent(kind, 2, false);
    for (boolean sequences : new boolean[] {true, false}) {
      RecurrentLayer layer =
          new RecurrentLayer(recurrent, MergeMode.CONCAT, reading, Fill.ZERO, sequences);
      assertEqual(Layout.BATCH_MAJOR, ALL_PORTS, layer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void mergedDirections(MergeMode merge) throws Exception {
    Recurrent recurrent = recurrent("GRU", 2, true);
    for (boolean sequences : new boolean[] {true, false}) {
      RecurrentLayer layer =
          new RecurrentLayer(recurrent, merge, Reading.FORWARD, Fill.ZERO, sequences);
      assertEqual(Layout.BATCH_MAJOR, ALL_PORTS, layer);
    }
  }

  @Test
  void withoutOptionalInputs() throws Exception {
    assertEqual(Layout.TIME_MAJOR, Set.of(), RecurrentLayer.of(recurrent("LSTM", 1, false)));
  }

  @ParameterizedTest
  @CsvSource({"TIME_MAJOR, true", "BATCH_MAJOR, true", "BATCH_MAJOR, false"})
  void aClassifierOfTokens(Layout layout, boolean bidirectional) throws Exception {
    Recurrent recurrent = recurrent("LSTM", 2, bidirectional);
    assertEqual(
        layout,
        Set.of(Port.LENGTHS),
        new EmbeddingLayer(new Embedding("embedding", 11, INPUTS), false),
        new DropoutLayer("dropout", 0.5f),
        new RecurrentLayer(recurrent, MergeMode.CONCAT, Reading.FORWARD, Fill.ZERO, false),
        new DenseLayer(new Dense("dense", recurrent.outputSize(), 7)),
        new ActivationLayer("relu", Activation.RELU),
        new DenseLayer(new Dense("labels", 7, 3)),
        new SoftmaxLayer("softmax"));
  }

  @Test
  void aTaggerWithSeveralRecurrentLayers() throws Exception {
    Recurrent first = recurrent("GRU", 1, true);
    Recurrent second = new Recurrent("second", List.of(new LstmCell(5, 2)), false, 0);
    assertEqual(
        Layout.BATCH_MAJOR,
        ALL_PORTS,
        RecurrentLayer.of(first),
        new DenseLayer(new Dense("between", first.outputSize(), 5)),
        new ActivationLayer("tanh", Activation.TANH),
        RecurrentLayer.of(second),
        new DenseLayer(new Dense("tags", 2, 3)),
        new ActivationLayer("linear", Activation.LINEAR),
        new SoftmaxLayer("softmax"));
  }

  @ParameterizedTest
  @EnumSource
  void theLastStep(Layout layout) throws Exception {
    RecurrentLayer rnn = RecurrentLayer.of(recurrent("LSTM", 1, true));
    assertEqual(layout, Set.of(), rnn, new LastStepLayer("last"));
    if (layout != Layout.ONE_STEP) {
      assertEqual(layout, Set.of(Port.LENGTHS), rnn, new LastStepLayer("last"));
    }
  }

  @Test
  void oneStepOfAStream() throws Exception {
    assertEqual(
        Layout.ONE_STEP,
        Set.of(Port.INITIAL_STATES, Port.FINAL_STATES),
        RecurrentLayer.of(recurrent("LSTM", 2, false)),
        new DenseLayer(new Dense("dense", UNITS, 2)));
  }

  @Test
  void aVectorForEachSequenceAndBack() throws Exception {
    Recurrent decoder = new Recurrent("decoder", List.of(new LstmCell(STEPS * UNITS, 3)), false, 0);
    assertEqual(
        Layout.TIME_MAJOR,
        Set.of(),
        RecurrentLayer.of(recurrent("RNN", 1, false)),
        new FlattenLayer("flatten", STEPS),
        new RepeatLayer("repeat", 4),
        RecurrentLayer.of(decoder),
        new LastStepLayer("last"));
  }

  @Test
  void variantsOfTheLstm() throws Exception {
    Activation hard = Activation.hardSigmoid(0.3f, 0.4f);
    List<LstmVariant> variants =
        List.of(
            LstmVariant.TF1,
            LstmVariant.PLAIN.withPeepholes(),
            LstmVariant.PLAIN.withoutBias(),
            LstmVariant.TF1.withoutBias().withPeepholes(),
            LstmVariant.PLAIN.withCoupling(Coupling.FORGET_FROM_INPUT),
            LstmVariant.PLAIN.withActivations(
                hard, Activation.leakyRelu(0.2f), Activation.scaledTanh(0.9f, 1.1f)),
            LstmVariant.PLAIN.withActivations(
                Activation.SIGMOID.withInputLimit(0.3f),
                Activation.TANH.withInputLimit(0.3f),
                Activation.TANH));
    for (LstmVariant variant : variants) {
      Cell cell = new LstmVariantCell(INPUTS, UNITS, variant);
      Recurrent recurrent = new Recurrent("rnn", List.of(cell, cell), true, 0);
      assertEqual(Layout.TIME_MAJOR, ALL_PORTS, RecurrentLayer.of(recurrent));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Softsign", "Softplus", "HardSigmoid", "Elu", "LeakyRelu", "ThresholdedRelu"})
  void activationLayers(String name) throws Exception {
    Activation activation =
        ActivationNames.onnx(name, List.of(0.4f).iterator(), List.of(0.3f).iterator());
    assertEqual(
        Layout.TIME_MAJOR,
        Set.of(),
        new DenseLayer(new Dense("dense", INPUTS, UNITS)),
        new ActivationLayer("activation", activation));
  }

  private static Recurrent recurrent(String kind, int layers, boolean bidirectional) {
    List<Cell> cells = new ArrayList<>();
    int directions = bidirectional ? 2 : 1;
    for (int i = 0; i < layers * directions; i++) {
      int inputs = i < directions ? INPUTS : directions * UNITS;
      cells.add(
          switch (kind) {
            case "LSTM" -> new LstmCell(inputs, UNITS);
            case "GRU" -> new GruCell(inputs, UNITS);
            case "GRU reset before" -> new GruCell(inputs, UNITS, false, true);
            case "RNN" -> new RnnCell(inputs, UNITS);
            default -> new RnnCell(inputs, UNITS, Activation.RELU, true);
          });
    }
    return new Recurrent("rnn", cells, bidirectional, 0);
  }

  /** Numbers in -1 to 1; the same for the same name. */
  private static Matrix random(String name, int rows, int cols) {
    Matrix m = Matrix.zeros(rows, cols);
    for (int i = 0; i < m.data.length; i++) {
      m.data[i] = 2 * RandomKey.of(3).fold(name).uniform(i) - 1;
    }
    return m;
  }

  private void assertEqual(Layout layout, Set<Port> ports, NetworkLayer... layers)
      throws IOException, OrtException {
    boolean tokens = layers[0] instanceof EmbeddingLayer;
    Network network = new Network(tokens ? 1 : INPUTS, List.of(layers));
    network.parameters().initialize(RandomKey.of(7));
    OnnxNetwork model = new OnnxNetwork(network, layout, ports);
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, model);
    int steps = layout == Layout.ONE_STEP ? 1 : STEPS;
    boolean ragged = ports.contains(Port.LENGTHS);
    int[] lengths = ragged ? new int[] {STEPS - 2, STEPS, 1} : new int[] {steps, steps, steps};
    Map<String, OrtRun.Input> inputs = new LinkedHashMap<>();
    Matrix x = input(layout, tokens, steps, inputs);
    if (ragged) {
      inputs.put("lengths", OrtRun.Input.ints(lengths));
    }
    Map<String, Matrix> states = states(model, inputs);

    Map<String, float[]> expected = OrtRun.results(file, inputs);
    Map<String, Matrix> actual = NetworkRun.results(model, x, steps, lengths, states);
    assertThat(expected.keySet())
        .isEqualTo(ports.contains(Port.FINAL_STATES) ? actual.keySet() : Set.of("output"));
    expected.forEach(
        (name, values) ->
            assertThat(largestDifference(requireNonNull(actual.get(name)).toArray(), values))
                .as("%s of %s", name, network.layers())
                .isLessThan(TOLERANCE));
  }

  private static double largestDifference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    return IntStream.range(0, actual.length)
        .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
        .max()
        .orElseThrow();
  }

  private static Matrix input(
      Layout layout, boolean tokens, int steps, Map<String, OrtRun.Input> inputs) {
    long[] shape =
        switch (layout) {
          case TIME_MAJOR -> new long[] {steps, BATCH};
          case BATCH_MAJOR -> new long[] {BATCH, steps};
          case ONE_STEP -> new long[] {BATCH};
        };
    if (tokens) {
      long[] numbers = LongStream.range(0, steps * BATCH).map(r -> (7 * r + 1) % 11).toArray();
      Matrix x = Matrix.zeros(numbers.length, 1);
      IntStream.range(0, numbers.length).forEach(r -> x.set(r, 0, numbers[r]));
      inputs.put("input", OrtRun.Input.longs(numbers, shape));
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
}
