package dev.sluice.train;

import static dev.sluice.train.LanguageModeling.Reduction.MEAN;
import static dev.sluice.train.LanguageModeling.Reduction.SUM_OVER_STEPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LineTokenizer;
import dev.sluice.data.TokenStreams;
import dev.sluice.data.Vocabulary;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.LanguageModel;
import dev.sluice.model.LanguageModel.Dropout;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.LanguageModeling.Reduction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Training and its protocols, held against PyTorch: an epoch of the loop of pytorch/examples' {@code
 * word_language_model}, in double precision, on weights 0.6·sin(0.7·k + sum of the characters of the
 * name), k counting in PyTorch's order.
 */
class LanguageModelingTest {
  private static final int[] TEXT =
      IntStream.range(0, 38).map(i -> (i * i + 3 * i / 2) % 7).toArray();
  private static final Backend SCALAR = new Backend(new ScalarKernels(), Workers.SINGLE);

  @AutoClose private final Workers two = Workers.of(2);
  @AutoClose private final Workers five = Workers.of(5);

  private static LanguageModel model(boolean tied, float dropout) {
    List<String> tokens = List.of("a", "b", "c", "d", "e", "f");
    var config =
        new LanguageModel.Config(
            LineTokenizer.WORDS,
            CellKind.LSTM,
            4,
            4,
            2,
            tied,
            new Dropout(dropout, dropout, dropout));
    LanguageModel model = new LanguageModel(config, Vocabulary.build(Stream.of(tokens), 1, 9));
    model.parameters().all().forEach(LanguageModelingTest::fill);
    model.parameters().changed();
    return model;
  }

  private static void fill(Parameter p) {
    Matrix m = p.value();
    int phase = p.name().chars().sum();
    boolean transposed = p.spec().kind() == ParameterSpec.Kind.WEIGHT;
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        int k = transposed ? c * m.rows + r : r * m.cols + c;
        m.set(r, c, (float) (0.6 * Math.sin(0.7 * k + phase)));
      }
    }
  }

  private static LanguageModeling objective(LanguageModel model, Reduction reduction) {
    return new LanguageModeling(
        model, new TokenStreams(TEXT, 3), new TokenStreams(TEXT, 4), 4, reduction);
  }

  private static Trainer trainer(
      Backend backend,
      LanguageModeling objective,
      float rate,
      float clip,
      Trainer.Listener listener,
      Checkpoints checkpoints) {
    var settings =
        new Trainer.Settings(
            1, 0, rate, new Schedule.Constant(), clip, Float.POSITIVE_INFINITY, 1, 1);
    return new Trainer(backend, objective, Optimizer.named("sgd"), settings, listener, checkpoints);
  }

  private static void assertEpoch(
      LanguageModel model,
      Reduction reduction,
      float rate,
      float clip,
      double[] losses,
      double[] norms) {
    List<Trainer.Step> steps = new ArrayList<>();
    Trainer.Listener listener =
        new Trainer.Listener() {
          @Override
          public void onStep(Trainer.Progress progress) {
            steps.add(progress.last());
          }
        };
    trainer(SCALAR, objective(model, reduction), rate, clip, listener, Checkpoints.NONE)
        .run(() -> false);
    assertThat(steps.stream().mapToDouble(Trainer.Step::loss).toArray())
        .containsExactly(losses, within(2e-6));
    assertThat(steps.stream().mapToDouble(Trainer.Step::gradientNorm).toArray())
        .containsExactly(norms, within(1e-5));
  }

  private static double perplexityLog(LanguageModel model, int streams) {
    Tape tape = Tape.inference(SCALAR, model.parameters());
    return LanguageModeling.score(tape, model, new TokenStreams(TEXT, streams)).loss();
  }

  @Test
  void aGlanceLeavesWhatIsCarried() {
    LanguageModel model = model(false, 0);
    LanguageModeling objective = objective(model, MEAN);
    objective.beginEpoch(0);
    objective.loss(Tape.training(SCALAR, model.parameters()), 0);
    float[] before = objective.carried().getOrDefault("state", new float[0]);
    assertThat(GateSaturation.measure(SCALAR, objective)).hasSize(6);
    assertThat(objective.carried()).containsEntry("state", before);
    assertThat(before).isNotEmpty();
  }

  /** With dropout, and with a state that is carried from step to step. */
  @Test
  void whoLooksInsideChangesNoBit() {
    LanguageModel plain = model(true, 0.3f);
    Trainer.Listener none = new Trainer.Listener() {};
    trainer(SCALAR, objective(plain, MEAN), 1, 1, none, Checkpoints.NONE).run(() -> false);
    LanguageModel watched = model(true, 0.3f);
    LanguageModeling objective = objective(watched, MEAN);
    Trainer.Listener look =
        new Trainer.Listener() {
          @Override
          public void onStep(Trainer.Progress progress) {
            GateSaturation.measure(SCALAR, objective);
          }
        };
    trainer(SCALAR, objective, 1, 1, look, Checkpoints.NONE).run(() -> false);
    assertThat(watched.parameters().values()).isEqualTo(plain.parameters().values());
  }

  @Test
  void asPyTorchExamples() {
    LanguageModel model = model(true, 0);
    assertEpoch(
        model,
        MEAN,
        2,
        0.25f,
        new double[] {2.314792, 2.054839, 1.681406},
        new double[] {0.52733, 0.35268, 0.60416});
    assertThat(perplexityLog(model, 4)).isCloseTo(1.873575, within(2e-6));
    assertThat(perplexityLog(model, 1)).isCloseTo(1.855414, within(2e-6));
  }

  /** Untied, and the loss summed over the steps of a window, so that its norm is larger. */
  @Test
  void asTheTensorFlowTutorial() {
    LanguageModel model = model(false, 0);
    assertEpoch(
        model,
        SUM_OVER_STEPS,
        0.5f,
        0.8f,
        new double[] {2.132835, 1.977258, 1.831497},
        new double[] {1.72992, 1.38872, 2.13923});
    assertThat(perplexityLog(model, 4)).isCloseTo(1.835282, within(2e-6));
    assertThat(perplexityLog(model, 1)).isCloseTo(1.826468, within(2e-6));
  }

  @Test
  void aUniformModelIsAsPerplexAsItsVocabularyIsLarge() {
    LanguageModel model = model(false, 0);
    model.parameters().get("decoder.weight").value().fill(0);
    model.parameters().get("decoder.bias").value().fill(0);
    model.parameters().changed();
    Tape tape = Tape.inference(SCALAR, model.parameters());
    Objective.Score score = objective(model, MEAN).validate(tape);
    assertThat(score.metric()).isEqualTo(Metric.PERPLEXITY);
    assertThat(score.loss()).isCloseTo(Math.log(7), within(1e-6));
    assertThat(score.value()).isCloseTo(7, within(1e-5));
  }

  @Test
  void goesOnFromEveryStepToTheSameBits() {
    List<TrainingState> states = new ArrayList<>();
    LanguageModel whole = model(true, 0.3f);
    trainer(
            SCALAR,
            objective(whole, MEAN),
            1,
            0.25f,
            new Trainer.Listener() {},
            (occasion, state) -> states.add(copy(state.get())))
        .run(() -> false);
    assertThat(states).hasSize(4);
    Backend backend = new Backend(KernelProvider.choose().kernels(), two);
    for (TrainingState state : states) {
      LanguageModel again = model(true, 0.3f);
      Trainer resumed =
          trainer(
              backend,
              objective(again, MEAN),
              1,
              0.25f,
              new Trainer.Listener() {},
              Checkpoints.NONE);
      resumed.resume(state);
      resumed.run(() -> false);
      assertThat(again.parameters().values()).isEqualTo(whole.parameters().values());
    }
  }

  /** Large enough that threads share the products. */
  @ParameterizedTest
  @CsvSource({"LSTM, true", "LSTM, false", "GRU, true", "RNN, false"})
  void kernelsAndThreadsChangeNoBit(CellKind cell, boolean tied) {
    Kernels vector = KernelProvider.choose().kernels();
    float[] expected = trained(SCALAR, cell, tied);
    assertThat(trained(new Backend(vector, Workers.SINGLE), cell, tied)).isEqualTo(expected);
    assertThat(trained(new Backend(vector, two), cell, tied)).isEqualTo(expected);
    assertThat(trained(new Backend(vector, five), cell, tied)).isEqualTo(expected);
  }

  private static float[] trained(Backend backend, CellKind cell, boolean tied) {
    List<String> tokens = IntStream.range(0, 300).mapToObj(Integer::toString).toList();
    Dropout dropout = new Dropout(0.1f, 0.2f, 0.3f);
    var config = new LanguageModel.Config(LineTokenizer.WORDS, cell, 33, 33, 2, tied, dropout);
    LanguageModel model = new LanguageModel(config, Vocabulary.build(Stream.of(tokens), 1, 999));
    model.parameters().initialize(RandomKey.of(1));
    TokenStreams text =
        new TokenStreams(IntStream.range(0, 1300).map(i -> (i * i + 7 * i) % 301).toArray(), 16);
    var objective = new LanguageModeling(model, text, text, 20, MEAN);
    trainer(backend, objective, 1, 0.25f, new Trainer.Listener() {}, Checkpoints.NONE)
        .run(() -> false);
    return model.parameters().values();
  }

  private static TrainingState copy(TrainingState state) {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
    state.arrays().forEach((name, array) -> arrays.put(name, array.clone()));
    return new TrainingState(state.position(), state.epochs(), state.finished(), arrays);
  }

  /** What carries over is the state: without it the second window's loss is another. */
  @Test
  void theStateIsCarriedFromWindowToWindow() {
    LanguageModel model = model(false, 0);
    LanguageModeling objective = objective(model, MEAN);
    Tape tape = Tape.inference(SCALAR, model.parameters());
    objective.beginEpoch(0);
    objective.loss(tape, 0);
    var afterFirst = objective.carried();
    float carried = objective.loss(tape, 1).value().get(0, 0);
    objective.beginEpoch(1);
    float fresh = objective.loss(tape, 1).value().get(0, 0);
    objective.carry(afterFirst);
    float again = objective.loss(tape, 1).value().get(0, 0);
    assertThat(again).isEqualTo(carried).isNotEqualTo(fresh);
    assertThat(afterFirst.get("state")).hasSize(3 * 4 * 4);
  }
}
