package dev.sluice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinaryCrossEntropyTest {
  private final Tape tape =
      Tape.training(
          new Backend(KernelProvider.choose().kernels(), Workers.SINGLE),
          new Parameters(List.of()));

  /** torch.nn.functional.binary_cross_entropy_with_logits, PyTorch 1.13. */
  @Test
  void theNumbersOfPyTorch() {
    Var logits = tape.input(Matrix.of(2, 3, 0.5f, -2, 3, 0, 10, -0.25f));
    Var loss = BinaryCrossEntropy.mean(logits, Matrix.of(2, 3, 1, 0, 0, 0, 1, 1));
    assertThat(loss.value().get(0, 0)).isCloseTo(0.86145407f, within(1e-6f));
    tape.backward(loss);
    float[] gradient = {
      -0.06292344f, 0.01986715f, 0.15876235f, 0.08333334f, -7.5698e-6f, -0.09369608f
    };
    assertThat(logits.gradient().toArray()).containsExactly(gradient, within(1e-7f));
  }

  @Test
  void largeScoresDoNotOverflow() {
    Var logits = tape.input(Matrix.of(1, 4, 1e30f, -1e30f, 1e30f, -1e30f));
    Var loss = BinaryCrossEntropy.mean(logits, Matrix.of(1, 4, 1, 0, 0, 1));
    assertThat(loss.value().get(0, 0)).isEqualTo(5e29f);
    tape.backward(loss);
    assertThat(logits.gradient().toArray())
        .containsExactly(new float[] {0, 0, 0.25f, -0.25f}, within(1e-30f));
  }

  @Test
  void targetsOfAnotherShape() {
    Var logits = tape.input(Matrix.zeros(2, 3));
    assertThatThrownBy(() -> BinaryCrossEntropy.mean(logits, Matrix.zeros(2, 2)))
        .hasMessageContaining("targets of the binary cross-entropy");
  }
}
