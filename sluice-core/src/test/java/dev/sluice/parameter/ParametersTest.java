package dev.sluice.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final Initializer UNIFORM = Initializer.uniform(0.5f);

  @Test
  void windowsOfOneArray() {
    Parameters parameters =
        new Parameters(
            List.of(ParameterSpec.weight("w", 2, 3, UNIFORM), ParameterSpec.bias("b", 4, UNIFORM)));
    parameters.get("b").value().set(0, 1, 7);
    assertThat(parameters.values()).hasSize(32).contains(7);
    assertThat(parameters.values()[17]).isEqualTo(7);
    assertThat(parameters.count()).isEqualTo(10);
    parameters.get("w").gradient().set(1, 2, 3);
    assertThat(parameters.gradients()[5]).isEqualTo(3);
    parameters.zeroGradients();
    assertThat(parameters.gradients()).containsOnly(0);
  }

  @Test
  void moreThanAnArrayHolds() {
    ParameterSpec small = ParameterSpec.weight("w", 2, 3, UNIFORM);
    ParameterSpec large = ParameterSpec.weight("table", 1 << 20, 1 << 11, UNIFORM);
    assertThatThrownBy(() -> new Parameters(List.of(small, large)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("with table, 1048576 x 2048, the parameters are more than one array holds");
  }

  @Test
  void eachParameterDrawsByItsOwnName() {
    ParameterSpec a = ParameterSpec.weight("a", 2, 3, UNIFORM);
    ParameterSpec b = ParameterSpec.weight("b", 2, 3, UNIFORM);
    Parameters both = new Parameters(List.of(a, b));
    Parameters alone = new Parameters(List.of(b));
    both.initialize(RandomKey.of(1));
    alone.initialize(RandomKey.of(1));
    assertThat(both.get("b").value().toArray()).isEqualTo(alone.get("b").value().toArray());
    assertThat(both.get("a").value().toArray()).isNotEqualTo(both.get("b").value().toArray());
    for (float v : both.get("a").value().toArray()) {
      assertThat(v).isBetween(-0.5f, 0.5f);
    }
  }

  @Test
  void aPackedCopyFollowsTheValues() {
    Parameters parameters = new Parameters(List.of(ParameterSpec.weight("w", 1, 1, UNIFORM)));
    Parameter w = parameters.get("w");
    Kernels kernels = new ScalarKernels();
    assertThat(timesOne(kernels, w)).isZero();
    w.value().set(0, 0, 5);
    parameters.changed();
    assertThat(timesOne(kernels, w)).isEqualTo(5);
    assertThat(w.packed(kernels, Workers.SINGLE))
        .isSameAs(w.packed(new ScalarKernels(), Workers.SINGLE));
  }

  private static float timesOne(Kernels kernels, Parameter w) {
    Matrix c = Matrix.zeros(1, 1);
    kernels.gemm(c, Matrix.of(1, 1, 1), w.packed(kernels, Workers.SINGLE), 0, 1, c);
    return c.get(0, 0);
  }

  @Test
  void mistakesAreNamed() {
    ParameterSpec a = ParameterSpec.bias("a", 2, UNIFORM);
    assertThatThrownBy(() -> new Parameters(List.of(a, a)))
        .hasMessage("two parameters are named a: give each layer a name of its own");
    assertThatThrownBy(() -> new Parameters(List.of(a)).get("b"))
        .hasMessage("no parameter is named b; there are a");
  }

  @Test
  void initializersAreChosenByName() {
    Parameters parameters =
        new Parameters(
            List.of(
                ParameterSpec.weight("lstm.weight_ih_l0", 3, 8, UNIFORM),
                ParameterSpec.bias("lstm.bias_ih_l0", 8, UNIFORM),
                ParameterSpec.bias("dense.bias", 2, UNIFORM)));
    RandomKey key = RandomKey.of(1);
    parameters.initialize(key);
    float[] weight = parameters.get("lstm.weight_ih_l0").value().toArray();
    parameters.initialize(key, "*bias*", Initializer.ones());
    parameters.initialize(key, "lstm.bias_ih*", Initializer.constant(2));
    assertThat(parameters.get("dense.bias").value().toArray()).containsOnly(1);
    assertThat(parameters.get("lstm.bias_ih_l0").value().toArray()).containsOnly(2);
    assertThat(parameters.get("lstm.weight_ih_l0").value().toArray()).isEqualTo(weight);

    parameters.initialize(key, "*", UNIFORM);
    assertThat(parameters.get("lstm.weight_ih_l0").value().toArray()).isEqualTo(weight);
    assertThatThrownBy(() -> parameters.initialize(key, "lstm.weight.*", UNIFORM))
        .hasMessage(
            "no parameter has a name like lstm.weight.*;"
                + " there are lstm.weight_ih_l0, lstm.bias_ih_l0, dense.bias");
  }

  @Test
  void packedCopiesFollowNewFirstValues() {
    Parameters parameters = new Parameters(List.of(ParameterSpec.weight("w", 1, 1, UNIFORM)));
    Kernels kernels = new ScalarKernels();
    assertThat(timesOne(kernels, parameters.get("w"))).isZero();
    parameters.initialize(RandomKey.of(1), "w", Initializer.ones());
    assertThat(timesOne(kernels, parameters.get("w"))).isEqualTo(1);
  }

  @Test
  void describesEachParameter() {
    Parameters parameters =
        new Parameters(
            List.of(
                ParameterSpec.table("embedding.weight", 1000, 20, UNIFORM),
                ParameterSpec.weight("lstm.weight_ih_l0", 20, 128, UNIFORM),
                ParameterSpec.bias("b", 4, UNIFORM)));
    assertThat(parameters.describe())
        .isEqualTo(
            """
            embedding.weight   [1000, 20]  20,000
            lstm.weight_ih_l0  [128, 20]    2,560
            b                  [4]              4
            3 parameters                   22,564
            """);
  }

  @Test
  void fileShapesArePyTorchs() {
    assertThat(ParameterSpec.weight("w", 2, 3, UNIFORM).fileShape()).containsExactly(3, 2);
    assertThat(ParameterSpec.bias("b", 4, UNIFORM).fileShape()).containsExactly(4);
    assertThat(ParameterSpec.table("t", 2, 3, UNIFORM).fileShape()).containsExactly(2, 3);
  }
}
