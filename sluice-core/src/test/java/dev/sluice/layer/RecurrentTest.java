package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmCell;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecurrentTest {
  private static final List<Cell> TWO_LAYERS =
      List.of(new LstmCell(3, 4), new LstmCell(3, 4), new LstmCell(8, 5), new LstmCell(8, 5));

  @Test
  void parametersHaveTheNamesAndShapesOfPyTorch() {
    List<ParameterSpec> specs = new Recurrent("lstm", TWO_LAYERS, true, 0).parameters();
    assertThat(specs)
        .extracting(ParameterSpec::name)
        .containsExactly(
            "lstm.weight_ih_l0",
            "lstm.weight_hh_l0",
            "lstm.bias_ih_l0",
            "lstm.bias_hh_l0",
            "lstm.weight_ih_l0_reverse",
            "lstm.weight_hh_l0_reverse",
            "lstm.bias_ih_l0_reverse",
            "lstm.bias_hh_l0_reverse",
            "lstm.weight_ih_l1",
            "lstm.weight_hh_l1",
            "lstm.bias_ih_l1",
            "lstm.bias_hh_l1",
            "lstm.weight_ih_l1_reverse",
            "lstm.weight_hh_l1_reverse",
            "lstm.bias_ih_l1_reverse",
            "lstm.bias_hh_l1_reverse");
    assertThat(specs.get(8).fileShape()).containsExactly(20, 8);
    assertThat(specs.get(10).fileShape()).containsExactly(20);
  }

  @Test
  void dropoutBetweenLayersOnlyInTraining() {
    Recurrent dropping = new Recurrent("lstm", TWO_LAYERS, true, 0.5f);
    Recurrent keeping = new Recurrent("lstm", TWO_LAYERS, true, 0);
    Parameters parameters = new Parameters(dropping.parameters());
    parameters.initialize(RandomKey.of(1));
    Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
    Tape training = Tape.training(backend, parameters);
    Tape inference = Tape.inference(backend, parameters);
    assertThat(output(dropping, inference)).isEqualTo(output(keeping, inference));
    assertThat(output(dropping, training)).isNotEqualTo(output(keeping, training));
  }

  private static float[] output(Recurrent layers, Tape tape) {
    Packing packing = Packing.of(2, 5);
    Matrix x = Matrix.zeros(packing.rows(), 3);
    x.fill(1);
    return layers
        .forward(new PackedSequence(packing, tape.constant(x)))
        .output()
        .data()
        .value()
        .toArray();
  }

  @Test
  void sizesThatDoNotFit() {
    assertThatThrownBy(
            () -> new Recurrent("lstm", List.of(new LstmCell(3, 4), new LstmCell(5, 4)), false, 0))
        .hasMessage("lstm: cell 1 takes 5 inputs, but what it reads has 4 features");
    assertThatThrownBy(() -> new Recurrent("lstm", List.of(new LstmCell(3, 4)), true, 0))
        .hasMessage("lstm: expected 2 cell(s) for each layer, got 1 cells in all");
  }
}
