package dev.sluice.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.ScalarKernels;
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
    assertThat(w.packed(kernels)).isSameAs(w.packed(new ScalarKernels()));
  }

  private static float timesOne(Kernels kernels, Parameter w) {
    Matrix c = Matrix.zeros(1, 1);
    kernels.gemm(Matrix.of(1, 1, 1), w.packed(kernels), 0, 1, c);
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
  void normalHasItsMomentsAndFileShapesArePyTorchs() {
    Matrix m = Matrix.zeros(100, 100);
    Initializer.normal(2).fill(m, RandomKey.of(3));
    double sum = 0;
    double squares = 0;
    for (float v : m.toArray()) {
      sum += v;
      squares += (double) v * v;
    }
    assertThat(sum / 1e4).isBetween(-0.06, 0.06);
    assertThat(squares / 1e4).isBetween(3.85, 4.15);
    assertThat(ParameterSpec.weight("w", 2, 3, UNIFORM).fileShape()).containsExactly(3, 2);
    assertThat(ParameterSpec.bias("b", 4, UNIFORM).fileShape()).containsExactly(4);
    assertThat(ParameterSpec.table("t", 2, 3, UNIFORM).fileShape()).containsExactly(2, 3);
  }
}
