package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Direction;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers 1, 2, 3, ... packed and unpacked: each must stand where it belongs. */
class PaddedBatchTest {
  /** Sequence 0 has a hole, sequence 1 nothing, sequence 2 a late start. */
  private static final boolean[][] HOLES = {
    {true, false, true, true}, {false, false, false, false}, {false, true, true, false}
  };

  private final Tape tape =
      Tape.inference(new Backend(new ScalarKernels(), Workers.SINGLE), new Parameters(List.of()));

  private Var rows(float... values) {
    return tape.constant(Matrix.of(values.length, 1, values));
  }

  /** b·10 + t + 1, batch-major. */
  private Var batchMajor() {
    return rows(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24);
  }

  @Test
  void packsTheRealStepsInOrder() {
    PackedSequence packed = PaddedBatch.batchMajor(HOLES).pack(batchMajor());
    assertThat(packed.packing().batch()).isEqualTo(2);
    assertThat(packed.data().value().toArray()).containsExactly(1, 22, 3, 23, 4);
  }

  @Test
  void layoutsAgree() {
    Var timeMajor = rows(1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24);
    assertThat(PaddedBatch.timeMajor(HOLES).pack(timeMajor).data().value().toArray())
        .containsExactly(1, 22, 3, 23, 4);
  }

  @Test
  void readsBackwardsFromTheLastRealStep() {
    PackedSequence packed = PaddedBatch.batchMajor(HOLES).reversed().pack(batchMajor());
    assertThat(packed.data().value().toArray()).containsExactly(4, 23, 3, 22, 1);
  }

  @Test
  void fillsWithZeroOrTheLastOutput() {
    PaddedBatch batch = PaddedBatch.batchMajor(HOLES);
    PackedSequence packed = batch.pack(batchMajor());
    assertThat(unpacked(batch, packed, Fill.ZERO, Direction.FORWARD))
        .containsExactly(1, 0, 3, 4, 0, 0, 0, 0, 0, 22, 23, 0);
    assertThat(unpacked(batch, packed, Fill.REPEAT, Direction.FORWARD))
        .containsExactly(1, 1, 3, 4, 0, 0, 0, 0, 0, 22, 23, 23);
    assertThat(unpacked(batch, packed, Fill.REPEAT, Direction.BACKWARD))
        .containsExactly(1, 3, 3, 4, 0, 0, 0, 0, 22, 22, 23, 0);
  }

  @Test
  void outputsOfAReversedBatchStandWhereTheirStepsStood() {
    PaddedBatch batch = PaddedBatch.batchMajor(HOLES).reversed();
    PackedSequence packed = batch.pack(batchMajor());
    assertThat(unpacked(batch, packed, Fill.ZERO, Direction.FORWARD))
        .containsExactly(1, 0, 3, 4, 0, 0, 0, 0, 0, 22, 23, 0);
    assertThat(unpacked(batch, packed, Fill.REPEAT, Direction.FORWARD))
        .containsExactly(1, 3, 3, 4, 0, 0, 0, 0, 22, 22, 23, 0);
    assertThat(batch.flipTime(batchMajor()).value().toArray())
        .containsExactly(4, 3, 2, 1, 14, 13, 12, 11, 24, 23, 22, 21);
  }

  @Test
  void statesGoThereAndBack() {
    PaddedBatch batch = PaddedBatch.batchMajor(HOLES);
    Var packed = batch.packState(rows(7, 8, 9));
    assertThat(packed.value().toArray()).containsExactly(7, 9);
    assertThat(batch.unpackState(packed, rows(-1, -2, -3)).value().toArray())
        .containsExactly(7, -2, 9);
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> PaddedBatch.timeMajor(new boolean[2][3]))
        .hasMessage("the mask leaves no step of any sequence");
    assertThatThrownBy(() -> PaddedBatch.timeMajor(new boolean[][] {{true}, {true, true}}))
        .hasMessage("the mask has 1 steps for sequence 0, but 2 for sequence 1");
    assertThatThrownBy(() -> PaddedBatch.mask(3, 1, 4))
        .hasMessage("sequence 1 has length 4, but the batch has 3 steps");
    assertThatThrownBy(() -> PaddedBatch.batchMajor(HOLES).pack(rows(1, 2)))
        .hasMessage(
            "a padded batch of 3 sequences and 4 steps needs 12 rows, got Var(2, 1);"
                + " is there a length, or a row of the mask, for each sequence?");
  }

  private static float[] unpacked(
      PaddedBatch batch, PackedSequence packed, Fill fill, Direction direction) {
    return batch.unpack(packed, fill, direction).value().toArray();
  }
}
