package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Outputs are merged step by step, and last outputs are each direction's own. */
class BidirectionalTest {
  private static final Packing PACKING = Packing.of(3, 1, 4);

  @ParameterizedTest
  @EnumSource
  void mergesEachElement(MergeMode merge) {
    Bidirectional layer = new Bidirectional("layer", new GruCell(2, 3), new RnnCell(2, 3), merge);
    Bidirectional.Result result = run(layer);
    Matrix forward = result.forward().data().value();
    Matrix backward = result.backward().data().value();
    Matrix output = result.output().data().value();
    Matrix last = result.last().value();
    assertThat(output.cols).isEqualTo(layer.outputSize());
    for (int r = 0; r < output.rows; r++) {
      assertThat(output.get(r, 1)).isEqualTo(merged(merge, forward.get(r, 1), backward.get(r, 1)));
    }
    for (int b = 0; b < PACKING.batch(); b++) {
      int end = PACKING.offset(PACKING.length(b) - 1) + b;
      assertThat(last.get(PACKING.given(b), 1))
          .isEqualTo(merged(merge, forward.get(end, 1), backward.get(b, 1)));
    }
  }

  private static float merged(MergeMode merge, float forward, float backward) {
    return switch (merge) {
      case CONCAT -> forward; // the second of six columns
      case SUM -> forward + backward;
      case MULTIPLY -> forward * backward;
      case AVERAGE -> (forward + backward) / 2;
    };
  }

  @Test
  void differentWidthsCannotBeAdded() {
    assertThatThrownBy(
            () -> new Bidirectional("layer", new LstmCell(2, 3), new LstmCell(2, 4), MergeMode.SUM))
        .hasMessage(
            "layer: outputs of 3 and 4 features can be put side by side, but not merged by SUM");
  }

  /** So few sequences that threads share the directions, not the batch. */
  @Test
  void directionsAtTheSameTimeHaveTheSameBits() {
    Bidirectional layer =
        new Bidirectional("layer", new LstmCell(2, 70), new GruCell(2, 90), MergeMode.CONCAT);
    float[] alone = run(layer, Workers.SINGLE).output().data().value().data;
    try (Workers two = Workers.of(2)) {
      for (int i = 0; i < 20; i++) {
        assertThat(run(layer, two).output().data().value().data).isEqualTo(alone);
      }
    }
  }

  private static Bidirectional.Result run(Bidirectional layer) {
    return run(layer, Workers.SINGLE);
  }

  private static Bidirectional.Result run(Bidirectional layer, Workers workers) {
    Parameters parameters = new Parameters(layer.parameters());
    parameters.initialize(RandomKey.of(1));
    Tape tape = Tape.inference(new Backend(new ScalarKernels(), workers), parameters);
    Matrix x = Matrix.zeros(PACKING.rows(), 2);
    Initializer.uniform(1).fill(x, RandomKey.of(2));
    return layer.forward(new PackedSequence(PACKING, tape.constant(x)));
  }
}
