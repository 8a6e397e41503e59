package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Packing;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plain variant is the plain LSTM, and each variant asks for the weights it needs and no others. */
class LstmVariantTest {
  @ParameterizedTest
  @EnumSource
  void plainIsTheLstm(Direction direction) {
    Backend backend = new Backend(new ScalarKernels(), Workers.SINGLE);
    Packing packing = Packing.of(3, 7, 1, 4);
    Cell variant = new LstmVariantCell(3, 4, LstmVariant.PLAIN);
    CellRun.assertSameBits(
        new CellRun(variant, packing, direction).run(backend, false),
        new CellRun(new LstmCell(3, 4), packing, direction).run(backend, false));
  }

  @Test
  void weightsAreThoseOfTheGatesThatThereAre() {
    assertThat(names(LstmVariant.PLAIN.withoutBias())).containsExactly("weight_ih", "weight_hh");
    assertThat(names(LstmVariant.PLAIN.withPeepholes().withProjection(2)))
        .containsExactly(
            "weight_ih",
            "weight_hh",
            "bias_ih",
            "bias_hh",
            "weight_ci",
            "weight_cf",
            "weight_co",
            "weight_hr");
    LstmVariant coupled =
        LstmVariant.PLAIN.withoutBias().withPeepholes().withCoupling(Coupling.INPUT_FROM_FORGET);
    assertThat(names(coupled)).containsExactly("weight_ih", "weight_hh", "weight_cf", "weight_co");
    assertThat(new LstmVariantCell(3, 4, coupled).parameters("").getFirst().cols()).isEqualTo(12);
  }

  private static List<String> names(LstmVariant variant) {
    return new LstmVariantCell(3, 4, variant)
        .parameters("").stream().map(ParameterSpec::name).toList();
  }
}
