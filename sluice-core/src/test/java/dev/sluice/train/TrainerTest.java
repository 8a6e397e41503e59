package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loop: which epoch is kept, when it ends, what it refuses. */
class TrainerTest {
  private static final Backend BACKEND =
      new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);

  /** One weight w, loss w, so each step of SGD lowers it by the rate; scores are given. */
  private static final class Line implements Objective {
    final Parameters parameters =
        new Parameters(List.of(ParameterSpec.table("w", 1, 1, Initializer.constant(0))));
    final double[] scores;
    final float slope;
    int epochs;

    Line(float slope, double... scores) {
      this.slope = slope;
      this.scores = scores;
    }

    @Override
    public Parameters parameters() {
      return parameters;
    }

    @Override
    public int beginEpoch(int epoch) {
      epochs++;
      return 2;
    }

    @Override
    public int batchSize(int batch) {
      return 3;
    }

    @Override
    public Var loss(Tape tape, int batch) {
      return tape.weight("w").mul(tape.constant(Matrix.of(1, 1, slope)));
    }

    @Override
    public Score validate(Tape tape) {
      return new Score(0, Metric.ACCURACY, scores[epochs - 1]);
    }

    float w() {
      return parameters.get("w").value().get(0, 0);
    }
  }

  private static Trainer trainer(Line line, int patience, Trainer.Listener listener) {
    var settings =
        new Trainer.Settings(
            line.scores.length,
            patience,
            1,
            new Schedule.Constant(),
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            1,
            1);
    return new Trainer(BACKEND, line, new Sgd(), settings, listener, Checkpoints.NONE);
  }

  @Test
  void keepsTheBestEpochAndTheFirstOfEquals() {
    Line line = new Line(1, 0.1, 0.7, 0.7, 0.3);
    List<Trainer.Epoch> epochs = trainer(line, 0, new Trainer.Listener() {}).run(() -> false);
    assertThat(epochs).extracting(Trainer.Epoch::best).containsExactly(true, true, false, false);
    assertThat(line.w()).isEqualTo(-4); // two epochs of two steps
  }

  @Test
  void stopsWhenPatienceEnds() {
    Line line = new Line(1, 0.5, 0.4, 0.3, 0.9);
    assertThat(trainer(line, 2, new Trainer.Listener() {}).run(() -> false)).hasSize(3);
    assertThat(line.w()).isEqualTo(-2);
  }

  @Test
  void tellsEveryStepAndEpoch() {
    List<Object> told = new ArrayList<>();
    trainer(
            new Line(1, 0.5),
            0,
            new Trainer.Listener() {
              @Override
              public void onStep(Trainer.Progress progress) {
                told.add(progress.batch() + "/" + progress.batches() + " " + progress.sequences());
              }

              @Override
              public void onEpoch(Trainer.Epoch epoch) {
                told.add(epoch.trainingLoss());
              }
            })
        .run(() -> false);
    assertThat(told).containsExactly("1/2 3", "2/2 6", -0.5);
  }

  @Test
  void askedToStopItFinishesTheStepAndKeepsTheBestEpoch() {
    Line line = new Line(1, 0.5, 0.9);
    int[] steps = {0};
    Trainer trainer =
        trainer(
            line,
            0,
            new Trainer.Listener() {
              @Override
              public void onStep(Trainer.Progress progress) {
                steps[0]++;
              }
            });
    assertThat(trainer.run(() -> steps[0] >= 3)).hasSize(1);
    assertThat(steps[0]).isEqualTo(3);
    assertThat(line.w()).isEqualTo(-2);
  }

  @Test
  void stoppedInTheFirstEpochItKeepsTheLastStep() {
    Line line = new Line(1, 0.5);
    int[] asked = {0};
    assertThat(trainer(line, 0, new Trainer.Listener() {}).run(() -> asked[0]++ >= 1)).isEmpty();
    assertThat(line.w()).isEqualTo(-1);
  }

  @Test
  void failingItKeepsTheBestEpochToo() {
    Line line = new Line(1, 0.5, 0.9);
    Trainer trainer =
        trainer(
            line,
            0,
            new Trainer.Listener() {
              @Override
              public void onStep(Trainer.Progress progress) {
                if (progress.epoch() == 2) {
                  throw new IllegalStateException("told");
                }
              }
            });
    assertThatThrownBy(() -> trainer.run(() -> false)).hasMessage("told");
    assertThat(trainer.epochs()).hasSize(1);
    assertThat(line.w()).isEqualTo(-2);
  }

  @Test
  void aLowerLossIsBetterWhereTheMetricSaysSo() {
    Objective.Score score = new Objective.Score(1, Metric.PERPLEXITY, 80);
    assertThat(score.isBetterThan(new Objective.Score(1, Metric.PERPLEXITY, 90))).isTrue();
    assertThat(score.isBetterThan(score)).isFalse();
    assertThat(score.isBetterThan(new Objective.Score(1, Metric.PERPLEXITY, Double.NaN))).isTrue();
  }

  @Test
  void saysWhereItDiverged() {
    assertThatThrownBy(
            () -> trainer(new Line(Float.NaN, 0.5), 0, new Trainer.Listener() {}).run(() -> false))
        .isInstanceOf(DivergedException.class)
        .hasMessage(
            "training diverged in epoch 1, step 1: loss NaN, gradient norm NaN, "
                + "first in the gradient of w; "
                + "try a smaller learning rate or a smaller clip");
  }

  @Test
  void learnsWhatCanBeLearned() {
    TrainingRun run = new TrainingRun();
    List<Trainer.Epoch> epochs = run.train(BACKEND, 20, () -> false);
    assertThat(epochs.getLast().trainingLoss()).isLessThan(0.2);
    assertThat(epochs).anyMatch(e -> e.score().value() > 0.9);
  }
}
