package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final Trainer.Epoch EPOCH =
      new Trainer.Epoch(2, 1.25, new Objective.Score(0.5, Metric.ACCURACY, 0.875), true, 75);

  private static Trainer.Progress progress(int batch, long sequences) {
    Trainer.Step last = new Trainer.Step(batch, 1.25f, 0.5f, 0.1f);
    return new Trainer.Progress(2, batch, 1000, sequences, 1.5, 5, last);
  }

  private final StringWriter written = new StringWriter();
  private final PrintWriter err = new PrintWriter(written, true);

  @Test
  void aFileGetsALineForEachEpochAndFewBetween() {
    Progress progress = new Progress(err, 4, "sequences", false, TrainingState.Position.START);
    for (int step = 1; step <= 1000; step++) {
      progress.onStep(progress(step, step * 10L));
    }
    progress.onEpoch(EPOCH);
    progress.clear();
    assertThat(written.toString().lines())
        .containsExactly(
            "epoch 2/4  train loss 1.2500  valid loss 0.5000  valid accuracy 87.50 %"
                + "  2,000 sequences/s  1 min 15 s  best");
  }

  @Test
  void aTerminalGetsOneLineThatChangesAndIsGoneAtTheEnd() throws InterruptedException {
    Progress progress = new Progress(err, 4, "sequences", true, TrainingState.Position.START);
    Thread.sleep(150); // longer than between two updates
    progress.onStep(progress(500, 5000));
    String shown = written.toString();
    assertThat(shown)
        .matches("\repoch 2/4   50 %  train loss 1\\.5000  1,000 sequences/s  [0-9.]+ s left");
    progress.onStep(progress(501, 5010));
    assertThat(written).hasToString(shown);
    progress.clear();
    assertThat(written.toString()).isEqualTo(shown + "\r" + " ".repeat(shown.length() - 1) + "\r");
  }
}
