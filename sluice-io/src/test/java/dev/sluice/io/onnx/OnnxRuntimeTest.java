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
import dev.sluice.io.onnx.OnnxChain.Layout;
import dev.sluice.io.onnx.OnnxChain.Port;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime computes with models that {@link OnnxWriter} writes, beside what Sluice computes. */
class OnnxRuntimeTest {
  private static final int BATCH = 3;
  private static final int STEPS = 5;
  private static final int INPUTS = 4;
  private static final int UNITS = 6;
  private static final double TOLERANCE = 1e-5;

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
    Recurrent recurrent = recurrent(kind, layers, bidirectional);
    OnnxStep step = new OnnxStep.Recur(recurrent, false, true);
    assertEqual(chain(Layout.TIME_MAJOR, EnumSet.allOf(Port.class), step));
  }

  @ParameterizedTest
  @ValueSource(strings = {"LSTM", "GRU", "RNN"})
  void inReverse(String kind) throws Exception {
    OnnxStep step = new OnnxStep.Recur(recurrent(kind, 2, false), true, true);
    assertEqual(chain(Layout.TIME_MAJOR, EnumSet.allOf(Port.class), step));
  }

  @Test
  void withoutOptionalInputs() throws Exception {
    OnnxStep step = new OnnxStep.Recur(recurrent("LSTM", 1, false), false, true);
    assertEqual(chain(Layout.TIME_MAJOR, Set.of(), step));
  }

  @ParameterizedTest
  @CsvSource({"TIME_MAJOR, true", "BATCH_MAJOR, true", "BATCH_MAJOR, false"})
  void aClassifierOfTokens(Layout layout, boolean bidirectional) throws Exception {
    Recurrent recurrent = recurrent("LSTM", 2, bidirectional);
    assertEqual(
        chain(
            layout,
            Set.of(Port.LENGTHS),
            new OnnxStep.Embed(new Embedding("embedding", 11, INPUTS)),
            new OnnxStep.Recur(recurrent, false, false),
            new OnnxStep.Affine(new Dense("dense", recurrent.outputSize(), 7)),
            new OnnxStep.Activate(Activation.RELU),
            new OnnxStep.Affine(new Dense("labels", 7, 3)),
            new OnnxStep.Softmax(false)));
  }

  @Test
  void aTaggerWithSeveralRecurrentSteps() throws Exception {
    Recurrent first = recurrent("GRU", 1, true);
    Recurrent second = new Recurrent("second", List.of(new LstmCell(5, 2)), false, 0);
    assertEqual(
        chain(
            Layout.BATCH_MAJOR,
            EnumSet.allOf(Port.class),
            new OnnxStep.Recur(first, false, true),
            new OnnxStep.Affine(new Dense("between", first.outputSize(), 5)),
            new OnnxStep.Activate(Activation.TANH),
            new OnnxStep.Recur(second, true, true),
            new OnnxStep.Affine(new Dense("tags", 2, 3)),
            new OnnxStep.Softmax(true)));
  }

  @Test
  void theLastStep() throws Exception {
    OnnxStep step = new OnnxStep.Recur(recurrent("LSTM", 1, true), false, true);
    assertEqual(chain(Layout.BATCH_MAJOR, Set.of(), step, new OnnxStep.LastStep()));
    assertEqual(chain(Layout.TIME_MAJOR, Set.of(), step, new OnnxStep.LastStep()));
  }

  @Test
  void oneStepOfAStream() throws Exception {
    Recurrent recurrent = recurrent("LSTM", 2, false);
    Set<Port> states = Set.of(Port.INITIAL_STATES, Port.FINAL_STATES);
    assertEqual(
        chain(
            Layout.ONE_STEP,
            states,
            new OnnxStep.Recur(recurrent, false, true),
            new OnnxStep.Affine(new Dense("dense", UNITS, 2))));
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
      OnnxStep step = new OnnxStep.Recur(recurrent, false, true);
      assertEqual(chain(Layout.TIME_MAJOR, EnumSet.allOf(Port.class), step));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Softsign", "Softplus", "HardSigmoid", "Elu", "LeakyRelu", "ThresholdedRelu"})
  void activationLayers(String name) throws Exception {
    Activation activation =
        ActivationNames.onnx(name, List.of(0.4f).iterator(), List.of(0.3f).iterator());
    assertEqual(
        chain(
            Layout.TIME_MAJOR,
            Set.of(),
            new OnnxStep.Affine(new Dense("dense", INPUTS, UNITS)),
            new OnnxStep.Activate(activation)));
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

  private static OnnxChain chain(Layout layout, Set<Port> ports, OnnxStep... steps) {
    Parameters parameters = new Parameters(OnnxChain.parameters(List.of(steps)));
    parameters.initialize(RandomKey.of(7));
    return new OnnxChain(layout, ports, List.of(steps), parameters);
  }

  /** Numbers in -1 to 1; the same for the same name. */
  private static Matrix random(String name, int rows, int cols) {
    Matrix m = Matrix.zeros(rows, cols);
    for (int i = 0; i < m.data.length; i++) {
      m.data[i] = 2 * RandomKey.of(3).fold(name).uniform(i) - 1;
    }
    return m;
  }

  private void assertEqual(OnnxChain chain) throws IOException, OrtException {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, chain);
    int steps = chain.layout() == Layout.ONE_STEP ? 1 : STEPS;
    boolean ragged = chain.ports().contains(Port.LENGTHS);
    int[] lengths = ragged ? new int[] {STEPS - 2, STEPS, 1} : new int[] {steps, steps, steps};
    Map<String, OrtRun.Input> inputs = new LinkedHashMap<>();
    Matrix x = input(chain, steps, inputs);
    if (ragged) {
      inputs.put("lengths", OrtRun.Input.ints(lengths));
    }
    Map<String, Matrix> states = states(chain, inputs);

    Map<String, float[]> expected = OrtRun.results(file, inputs);
    Map<String, Matrix> actual = ChainRun.results(chain, x, steps, lengths, states);
    assertThat(expected).containsKey("output");
    assertThat(expected.size())
        .isEqualTo(chain.ports().contains(Port.FINAL_STATES) ? actual.size() : 1);
    expected.forEach(
        (name, values) ->
            assertThat(largestDifference(requireNonNull(actual.get(name)).toArray(), values))
                .as("%s of %s", name, chain.steps())
                .isLessThan(TOLERANCE));
  }

  private static double largestDifference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    return IntStream.range(0, actual.length)
        .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
        .max()
        .orElseThrow();
  }

  private static Matrix input(OnnxChain chain, int steps, Map<String, OrtRun.Input> inputs) {
    long[] shape =
        switch (chain.layout()) {
          case TIME_MAJOR -> new long[] {steps, BATCH};
          case BATCH_MAJOR -> new long[] {BATCH, steps};
          case ONE_STEP -> new long[] {BATCH};
        };
    if (chain.steps().getFirst() instanceof OnnxStep.Embed embed) {
      Matrix tokens = Matrix.zeros(steps * BATCH, 1);
      long[] numbers = new long[tokens.rows];
      for (int r = 0; r < tokens.rows; r++) {
        numbers[r] = (7 * r + 1) % embed.embedding().size();
        tokens.set(r, 0, numbers[r]);
      }
      inputs.put("input", OrtRun.Input.longs(numbers, shape));
      return tokens;
    }
    Matrix x = random("input", steps * BATCH, INPUTS);
    long[] sizes = Arrays.copyOf(shape, shape.length + 1);
    sizes[shape.length] = INPUTS;
    inputs.put("input", OrtRun.Input.floats(x.data, sizes));
    return x;
  }

  private static Map<String, Matrix> states(OnnxChain chain, Map<String, OrtRun.Input> inputs) {
    Map<String, Matrix> states = new LinkedHashMap<>();
    if (!chain.ports().contains(Port.INITIAL_STATES)) {
      return states;
    }
    List<Recurrent> all =
        chain.steps().stream()
            .filter(OnnxStep.Recur.class::isInstance)
            .map(step -> ((OnnxStep.Recur) step).recurrent())
            .toList();
    for (Recurrent recurrent : all) {
      int cells = recurrent.cells().size();
      int units = recurrent.cells().getFirst().outputSize();
      for (String part : recurrent.cells().getFirst().stateNames()) {
        String name = (all.size() == 1 ? "" : recurrent.name() + ".") + part + "0";
        Matrix state = random(name, cells * BATCH, units);
        states.put(name, state);
        inputs.put(name, OrtRun.Input.floats(state.data, cells, BATCH, units));
      }
    }
    return states;
  }
}
