package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What wrappers do to inputs, outputs and states, seen through a cell that shows what it got. */
class WrapperTest {
  private static final int SIZE = 400;
  private static final Backend BACKEND = new Backend(new ScalarKernels(), Workers.SINGLE);

  /** Output x + h, h' = h + 1, c' = c + 10. */
  private record Glass() implements Cell {
    @Override
    public String name() {
      return "Glass";
    }

    @Override
    public int inputSize() {
      return SIZE;
    }

    @Override
    public List<Integer> stateSizes() {
      return List.of(SIZE, SIZE);
    }

    @Override
    public List<ParameterSpec> parameters(String suffix) {
      return List.of();
    }

    @Override
    public Step step(Var x, List<Var> state, List<Var> weights) {
      Var h = state.get(0);
      return new Step(x.add(h), List.of(h.affine(1, 1), state.get(1).affine(1, 10)));
    }
  }

  /** Two steps from x = 1, h = c = 1. */
  private static List<Step> twoSteps(Cell cell, boolean training) {
    Parameters none = new Parameters(cell.parameters(""));
    Tape tape = training ? Tape.training(BACKEND, none) : Tape.inference(BACKEND, none);
    tape.reset(RandomKey.of(3));
    Matrix ones = Matrix.zeros(1, SIZE);
    ones.fill(1);
    Var one = tape.constant(ones);
    Stepper stepper = cell.begin(tape, 1, List.of());
    Step first = stepper.step(one, List.of(one, one));
    return List.of(first, stepper.step(one, first.state()));
  }

  private static List<Float> values(Var v) {
    List<Float> values = new ArrayList<>();
    for (float value : v.value().toArray()) {
      values.add(value);
    }
    return values;
  }

  @Test
  void dropoutOnOutputsLeavesTheState() {
    Step step = twoSteps(new DropoutCell(new Glass(), 1, 0.5f, 1, false), true).getFirst();
    assertThat(values(step.output())).contains(0f, 4f).containsOnly(0f, 4f);
    assertThat(values(step.state().get(0))).containsOnly(2f);
    assertThat(values(step.state().get(1))).containsOnly(11f);
  }

  @Test
  void dropoutOnTheStateLeavesOutputAndMemory() {
    Step step = twoSteps(new DropoutCell(new Glass(), 1, 1, 0.5f, false), true).getFirst();
    assertThat(values(step.output())).containsOnly(2f);
    assertThat(values(step.state().get(0))).contains(0f, 4f).containsOnly(0f, 4f);
    assertThat(values(step.state().get(1))).containsOnly(11f);
  }

  @Test
  void dropoutOnInputs() {
    Step step = twoSteps(new DropoutCell(new Glass(), 0.25f, 1, 1, false), true).getFirst();
    assertThat(values(step.output())).contains(1f, 5f).containsOnly(1f, 5f);
  }

  @Test
  void variationalMasksStayAndOthersChange() {
    List<Step> same = twoSteps(new DropoutCell(new Glass(), 1, 0.5f, 1, true), true);
    List<Step> fresh = twoSteps(new DropoutCell(new Glass(), 1, 0.5f, 1, false), true);
    assertThat(dropped(same.get(1))).isEqualTo(dropped(same.get(0)));
    assertThat(dropped(fresh.get(1))).isNotEqualTo(dropped(fresh.get(0)));
  }

  private static List<Boolean> dropped(Step step) {
    return values(step.output()).stream().map(v -> v == 0).toList();
  }

  @Test
  void nothingIsDroppedOutsideOfTraining() {
    Step step = twoSteps(new DropoutCell(new Glass(), 0.1f, 0.1f, 0.1f, true), false).getFirst();
    assertThat(values(step.output())).containsOnly(2f);
  }

  @Test
  void zoneoutKeepsOldValuesInTraining() {
    Step step = twoSteps(new ZoneoutCell(new Glass(), 0.5f, 0), true).getFirst();
    assertThat(values(step.output())).contains(1f, 2f).containsOnly(1f, 2f);
    assertThat(values(step.state().get(1))).containsOnly(11f);
  }

  @Test
  void zoneoutTakesTheExpectationOtherwise() {
    Step step = twoSteps(new ZoneoutCell(new Glass(), 0.5f, 0.1f), false).getFirst();
    assertThat(values(step.output())).containsOnly(1.5f);
    assertThat(values(step.state().get(1))).containsOnly(0.1f + 0.9f * 11f);
  }

  @Test
  void residualAddsTheInput() {
    Step step = twoSteps(new ResidualCell(new Glass()), false).getFirst();
    assertThat(values(step.output())).containsOnly(3f);
  }

  @Test
  void mistakesAreNamed() {
    Cell cell = new LstmCell(3, 4);
    assertThatThrownBy(() -> new ResidualCell(cell))
        .hasMessage(
            "a residual connection adds the input to the output, so the LSTM needs as many outputs"
                + " as inputs; it has 3 inputs and 4 outputs");
    assertThatThrownBy(() -> new HighwayCell(cell))
        .hasMessageContaining("as many outputs as inputs; it has 3 inputs and 4 outputs");
    assertThatThrownBy(() -> new DropoutCell(cell, 0, 1, 1, false))
        .hasMessage(
            "the probability of keeping an element must be in (0, 1], got 0.0; 1 means no dropout");
    assertThatThrownBy(() -> new ZoneoutCell(cell, 1.5f, 0))
        .hasMessage("zoneout must be in [0, 1], got 1.5");
    assertThatThrownBy(() -> LstmVariant.PLAIN.withCellClip(-1))
        .hasMessage("c is clipped to ±limit, and the limit is at least 0, got -1.0");
    assertThatThrownBy(() -> new GruCell(0, 4))
        .hasMessage("a GRU needs at least 1 input and 1 hidden unit, got input 0, hidden 4");
  }
}
