package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import org.junit.jupiter.api.Test;

/** States put side by side, taken off the tape, and learned. */
class StateTest {
  private static final Backend BACKEND = new Backend(new ScalarKernels(), Workers.SINGLE);

  private final Tape tape = Tape.inference(BACKEND, new Parameters(List.of()));

  @Test
  void featuresOfTheSamePartOfTheSameCellStandSideBySide() {
    State a = new State(List.of(List.of(rows(1, 2), rows(3, 4)), List.of(rows(5, 6))));
    State b = new State(List.of(List.of(rows(10, 20), rows(30, 40)), List.of(rows(50, 60))));
    State both = a.concat(b);
    assertThat(both.cells()).hasSize(2);
    assertThat(both.cells().get(0)).hasSize(2);
    assertThat(values(both, 0, 0)).containsExactly(1, 10, 2, 20);
    assertThat(values(both, 0, 1)).containsExactly(3, 30, 4, 40);
    assertThat(values(both, 1, 0)).containsExactly(5, 50, 6, 60);
  }

  @Test
  void statesOfDifferentTypesDoNotFit() {
    State lstm = State.of(rows(1, 2), rows(3, 4));
    State gru = State.of(rows(1, 2));
    assertThatThrownBy(() -> lstm.concat(gru))
        .hasMessage(
            "the states of cell 0 do not fit: the one has 2 part(s), the other 1;"
                + " an LSTM has h and c, a GRU or RNN has h");
    assertThatThrownBy(() -> gru.concat(new State(List.of(List.of(rows(1)), List.of(rows(1))))))
        .hasMessage(
            "a state of 1 cells and one of 2 do not fit: both need as many layers and directions");
    assertThatThrownBy(() -> gru.concat(State.of(rows(1, 2, 3))))
        .hasMessage("states of 2 and of 3 sequences cannot be put side by side");
  }

  @Test
  void detachedStatesSurviveTheTapesReset() {
    Var inMemoryOfTheTape = rows(1, 2, 3).affine(2, 0);
    DetachedState detached = State.of(inMemoryOfTheTape).detach();
    tape.reset(RandomKey.of(1));
    tape.allocate(3, 1).fill(-1);
    assertThat(values(detached.attach(tape), 0, 0)).containsExactly(2, 4, 6);
  }

  @Test
  void sequencesBeginAnewFromZeros() {
    DetachedState before = State.of(rows(1, 2, 3), rows(4, 5, 6)).detach();
    State after = before.restarted(0, 2).attach(tape);
    assertThat(values(after, 0, 0)).containsExactly(0, 2, 0);
    assertThat(values(after, 0, 1)).containsExactly(0, 5, 0);
    assertThat(values(before.attach(tape), 0, 0)).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> before.restarted(1, 3))
        .hasMessage(
            "sequence 3 cannot begin anew: this is a state of 3 sequences; asked for [1, 3]");
  }

  @Test
  void aLearnedStateIsOneRowForAllSequences() {
    List<Cell> cells = List.of(new LstmCell(2, 3), new RnnCell(2, 4));
    LearnedState start =
        new LearnedState(new Recurrent("rnn", cells, true, 0), Initializer.uniform(1));
    assertThat(start.parameters())
        .extracting(ParameterSpec::name)
        .containsExactly("rnn.h0_l0", "rnn.c0_l0", "rnn.h0_l0_reverse");
    Parameters parameters = new Parameters(start.parameters());
    parameters.initialize(RandomKey.of(1));
    State state = start.forward(Tape.inference(BACKEND, parameters), 2);
    float[] c0 = parameters.get("rnn.c0_l0").value().toArray();
    assertThat(values(state, 0, 1)).containsExactly(c0[0], c0[1], c0[2], c0[0], c0[1], c0[2]);
    assertThat(values(state, 1, 0)).hasSize(8);
  }

  @Test
  void partsOfAStackHaveNamesOfTheirOwn() {
    Cell stack = new StackedCells(List.of(new LstmCell(2, 3), new GruCell(3, 4)));
    LearnedState start =
        new LearnedState(new Recurrent("", List.of(stack), false, 0), Initializer.zeros());
    assertThat(start.parameters())
        .extracting(ParameterSpec::name)
        .containsExactly("h0_l0", "c0_l0", "h0_part2_l0");
  }

  private Var rows(float... values) {
    return tape.constant(Matrix.of(values.length, 1, values));
  }

  private static float[] values(State state, int cell, int part) {
    return state.cells().get(cell).get(part).value().toArray();
  }
}
