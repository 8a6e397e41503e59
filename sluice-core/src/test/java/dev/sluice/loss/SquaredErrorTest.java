package dev.sluice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import org.junit.jupiter.api.Test;

class SquaredErrorTest {
  private final Tape tape =
      Tape.training(
          new Backend(KernelProvider.choose().kernels(), Workers.SINGLE),
          new Parameters(List.of()));

  @Test
  void meanOverAllElements() {
    Var y = tape.input(Matrix.of(2, 2, 1, 2, 3, 4));
    Var loss = SquaredError.mean(y, Matrix.of(2, 2, 1, 0, 6, 3));
    assertThat(loss.value().get(0, 0)).isEqualTo((0 + 4 + 9 + 1) / 4f);
    tape.backward(loss);
    assertThat(y.gradient().toArray()).containsExactly(0, 1, -1.5f, 0.5f); // 2·(y - target) / 4
  }

  @Test
  void readsWindows() {
    Var y = tape.input(Matrix.of(2, 3, 9, 1, 2, 9, 3, 4)).columnRange(1, 3);
    Matrix target = Matrix.of(2, 3, 1, 0, 8, 6, 3, 8).columnRange(0, 2);
    assertThat(SquaredError.mean(y, target).value().get(0, 0)).isEqualTo((0 + 4 + 9 + 1) / 4f);
  }

  @Test
  void aTargetOfAnotherShape() {
    Var y = tape.input(Matrix.zeros(2, 1));
    assertThatThrownBy(() -> SquaredError.mean(y, Matrix.zeros(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target of the squared error: expected (2, 1), got (1, 2)");
  }
}
