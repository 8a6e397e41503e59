package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that goes on from any state it was offered ends as if it had never stopped; accumulation of gradients. */
class ResumeTest {
  private static final int EPOCHS = 3;
  private static final int BATCHES = 5;
  private static final int WIDTH = 40;

  @AutoClose private final Workers two = Workers.of(2);

  /** (x·w - y)² with dropout on x; y of a batch is the prediction of the one before, carried on. */
  private static final class Chain implements Objective {
    private final Parameters parameters =
        new Parameters(List.of(ParameterSpec.weight("w", WIDTH, 1, Initializer.uniform(1))));
    private float[] carried = {0};
    private int epoch;

    Chain() {
      parameters.initialize(RandomKey.of(1));
    }

    @Override
    public Parameters parameters() {
      return parameters;
    }

    @Override
    public int beginEpoch(int epoch) {
      this.epoch = epoch;
      carried = new float[] {0.5f};
      return BATCHES;
    }

    @Override
    public int batchSize(int batch) {
      return 1;
    }

    @Override
    public Var loss(Tape tape, int batch) {
      Var y = predict(tape, RandomKey.of(epoch).fold(batch), 0.5f);
      Var difference = y.affine(1, -carried[0]);
      carried = new float[] {y.value().get(0, 0)};
      return difference.mul(difference);
    }

    private static Var predict(Tape tape, RandomKey key, float dropout) {
      Matrix x = Matrix.zeros(1, WIDTH);
      for (int i = 0; i < WIDTH; i++) {
        x.set(0, i, key.uniform(i));
      }
      Var zero = tape.constant(tape.zeros(1, 1));
      return zero.addmm(tape.constant(x).dropout(dropout), tape.weight("w"));
    }

    @Override
    public Score validate(Tape tape) {
      float y = predict(tape, RandomKey.of(9), 0).value().get(0, 0);
      return new Score(y, Metric.LOSS, Math.abs(y - 0.7));
    }

    @Override
    public Map<String, float[]> carried() {
      return Map.of("y", carried);
    }

    @Override
    public void carry(Map<String, float[]> saved) {
      carried = saved.getOrDefault("y", carried);
    }
  }

  private static Trainer trainer(
      Objective objective,
      String optimizer,
      int accumulate,
      Workers workers,
      Checkpoints checkpoints) {
    Trainer.Settings settings =
        new Trainer.Settings(
            EPOCHS,
            0,
            0.02f,
            Schedule.named("warmup(4) then plateau(0.5, patience=0)"),
            Float.POSITIVE_INFINITY,
            3,
            accumulate,
            1);
    Backend backend = new Backend(KernelProvider.choose().kernels(), workers);
    Trainer.Listener listener = new Trainer.Listener() {};
    return new Trainer(
        backend, objective, Optimizer.named(optimizer), settings, listener, checkpoints);
  }

  private static TrainingState copy(TrainingState state) {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
    state.arrays().forEach((name, array) -> arrays.put(name, array.clone()));
    return new TrainingState(state.position(), state.epochs(), state.finished(), arrays);
  }

  @ParameterizedTest
  @CsvSource({"adamw, 1", "'sgd(0.9)', 2", "rmsprop, 3"})
  void fromEveryStateToTheSameBits(String optimizer, int accumulate) {
    List<TrainingState> states = new ArrayList<>();
    Chain whole = new Chain();
    Trainer trainer =
        trainer(
            whole,
            optimizer,
            accumulate,
            Workers.SINGLE,
            (occasion, state) -> states.add(copy(state.get())));
    List<Trainer.Epoch> epochs = trainer.run(() -> false);
    assertThat(states).hasSize(EPOCHS * (Math.ceilDiv(BATCHES, accumulate) + 1));
    assertThat(states).last().matches(TrainingState::finished);
    for (TrainingState state : states) {
      Chain again = new Chain();
      again.parameters().values()[0] = 17; // all that counts is in the state
      Trainer resumed = trainer(again, optimizer, accumulate, two, Checkpoints.NONE);
      resumed.resume(state);
      assertThat(untimed(resumed.run(() -> false))).isEqualTo(untimed(epochs));
      assertThat(again.parameters().values()).isEqualTo(whole.parameters().values());
    }
  }

  private static List<Trainer.Epoch> untimed(List<Trainer.Epoch> epochs) {
    return epochs.stream()
        .map(e -> new Trainer.Epoch(e.epoch(), e.trainingLoss(), e.score(), e.best(), 0))
        .toList();
  }

  @Test
  void asksForTheOccasionsInTheirOrder() {
    List<String> told = new ArrayList<>();
    Chain objective = new Chain();
    int[] asked = {0};
    trainer(
            objective,
            "sgd",
            2,
            Workers.SINGLE,
            (occasion, state) -> told.add(occasion + " " + at(state.get())))
        .run(() -> ++asked[0] > 6);
    assertThat(told)
        .containsExactly("STEP 0:2", "STEP 0:4", "STEP 0:5", "EPOCH 1:0", "STEP 1:2", "STOP 1:4");
  }

  private static String at(TrainingState state) {
    return state.position().epoch() + ":" + state.position().batch();
  }

  @Test
  void doesNotGoOnWithAnotherModel() {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>(Map.of("weights", new float[16]));
    TrainingState other = new TrainingState(TrainingState.Position.START, List.of(), false, arrays);
    Trainer trainer = trainer(new Chain(), "sgd", 1, Workers.SINGLE, Checkpoints.NONE);
    assertThatThrownBy(() -> trainer.resume(other))
        .hasMessage("the model has 48 weights, but 16 were saved; was it another model?");
  }
}
