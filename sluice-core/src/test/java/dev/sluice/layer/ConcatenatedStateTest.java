package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.DropoutCell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory stands before output, layer by layer, and splitting undoes joining. */
class ConcatenatedStateTest {
  private static final Cell STACK =
      new StackedCells(
          List.of(
              new DropoutCell(new LstmCell(1, 2), 1, 0.5f, 1, false),
              new GruCell(2, 1),
              new LstmCell(1, 1)));

  private final Tape tape =
      Tape.inference(new Backend(new ScalarKernels(), Workers.SINGLE), new Parameters(List.of()));

  @Test
  void joinsAndSplits() {
    List<Var> state = List.of(row(1, 2), row(3, 4), row(5), row(6), row(7));
    Var joined = ConcatenatedState.join(STACK, state);
    assertThat(joined.value().toArray()).containsExactly(3, 4, 1, 2, 5, 7, 6);
    List<Var> parts = ConcatenatedState.split(STACK, joined);
    for (int i = 0; i < state.size(); i++) {
      assertThat(parts.get(i).value().toArray()).containsExactly(state.get(i).value().toArray());
    }
  }

  @Test
  void widthsMustFit() {
    assertThatThrownBy(() -> ConcatenatedState.split(new LstmCell(1, 2), row(1, 2, 3)))
        .hasMessage("the state of a LSTM has 4 numbers, got Var(1, 3)");
  }

  private Var row(float... values) {
    return tape.constant(Matrix.of(1, values.length, values));
  }
}
