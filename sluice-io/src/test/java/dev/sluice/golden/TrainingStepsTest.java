package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmCell;
import dev.sluice.data.TokenBatch;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.GradientClipping;
import dev.sluice.train.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Five steps of training a small classifier with each optimizer, with clipping and label smoothing,
 * take the weights to where PyTorch takes them. {@code src/test/python/record_training.py} recorded PyTorch's, in float64.
 *
 * <p>Rounding accumulates over the steps; still losses, norms and weights agree as closely as those
 * of a single one: within 1e-5, weights as {@link GoldenComparison} says.
 */
class TrainingStepsTest {
  private static final List<GoldenRun.Way> WAYS = GoldenRun.Way.ALL;
  private static final double PERCENT = 1e-5 * 100;
  private static final JsonNode RECORD =
      JsonMapper.shared().readTree(GoldenSet.RESOURCES.resolve("training/steps.json"));

  private static final Embedding EMBEDDING = new Embedding("embedding", 7, 3);
  private static final Dense DENSE = new Dense("dense", 8, 3);

  static List<Arguments> runs() {
    return WAYS.stream()
        .flatMap(
            way ->
                RECORD.required("runs").propertyNames().stream()
                    .map(optimizer -> Arguments.of(optimizer, way)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void takesTheStepsOf(String optimizer, GoldenRun.Way way) {
    train(way, Optimizer.named(optimizer), RECORD.required("runs").required(optimizer));
  }

  private static void train(GoldenRun.Way way, Optimizer optimizer, JsonNode expected) {
    List<Cell> cells =
        Stream.of(3, 3, 8, 8).map(inputs -> way.cell(new LstmCell(inputs, 4))).toList();
    Recurrent lstm = new Recurrent("lstm", cells, true, 0);
    Parameters parameters =
        new Parameters(
            Stream.of(EMBEDDING, lstm, DENSE)
                .map(Layer::parameters)
                .flatMap(List::stream)
                .toList());
    GoldenWeights.load(tensors(RECORD.required("first_weights")), parameters);
    Backend backend = way.backend();
    Tape tape = Tape.training(backend, parameters);

    for (int step = 0; step < expected.required("losses").size(); step++) {
      tape.reset(RandomKey.of(step));
      Var loss = loss(tape, lstm, expected.required("label_smoothing").floatValue());
      tape.backward(loss);
      float norm = clip(backend, parameters, expected);
      optimizer.step(backend, parameters, expected.required("learning_rate").floatValue());
      assertClose("loss", step, loss.value().get(0, 0), expected.required("losses"));
      assertClose("norm", step, norm, expected.required("norms"));
    }
    assertThat(
            GoldenComparison.mismatches(
                GoldenWeights.of(parameters, Parameter::value),
                tensors(expected.required("weights"))))
        .isEmpty();
  }

  private static float clip(Backend backend, Parameters parameters, JsonNode run) {
    boolean byNorm = run.required("clip_by").stringValue().equals("norm");
    float limit = byNorm ? RECORD.required("clip").floatValue() : Float.POSITIVE_INFINITY;
    float norm = GradientClipping.byNorm(backend, parameters, limit);
    if (!byNorm) {
      GradientClipping.byValue(backend, parameters, RECORD.required("clip_value").floatValue());
    }
    return norm;
  }

  private static Var loss(Tape tape, Recurrent lstm, float smoothing) {
    List<int[][]> sequences = new ArrayList<>();
    RECORD.required("sequences").forEach(sequence -> sequences.add(new int[][] {ints(sequence)}));
    TokenBatch batch = TokenBatch.of(sequences);
    PackedSequence x = new PackedSequence(batch.packing(), EMBEDDING.forward(tape, batch.ids()[0]));
    List<List<Var>> state = lstm.forward(x).state().cells();
    Var last = Var.concat(state.get(2).getFirst(), state.get(3).getFirst());
    return CrossEntropy.smoothed(DENSE.forward(last), smoothing, ints(RECORD.required("targets")));
  }

  private static void assertClose(String what, int step, double actual, JsonNode expected) {
    assertThat(actual)
        .as("%s of step %d", what, step)
        .isCloseTo(expected.required(step).doubleValue(), withinPercentage(PERCENT));
  }

  private static Map<String, GoldenTensor> tensors(JsonNode json) {
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    json.forEachEntry((name, value) -> tensors.put(name, GoldenTensor.of(value)));
    return tensors;
  }

  private static int[] ints(JsonNode json) {
    return json.valueStream().mapToInt(JsonNode::intValue).toArray();
  }
}
