package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A cell as a user writes it passes; each way to get it wrong is found and named. */
class CellContractTest {
  private static final int SIZE = 3;

  /** h' = tanh(x + w⊙h), and whatever {@code change} makes of it. */
  private record UserCell(UnaryOperator<Var> change) implements Cell {
    @Override
    public String name() {
      return "UserCell";
    }

    @Override
    public int inputSize() {
      return SIZE;
    }

    @Override
    public List<Integer> stateSizes() {
      return List.of(SIZE);
    }

    @Override
    public List<ParameterSpec> parameters(String suffix) {
      return List.of(ParameterSpec.bias("weight" + suffix, SIZE, Initializer.uniform(1)));
    }

    @Override
    public Step step(Var x, List<Var> state, List<Var> weights) {
      return Step.of(change.apply(x.add(weights.getFirst().mul(state.getFirst())).tanh()));
    }
  }

  @Test
  void acceptsACellThatKeepsIt() {
    assertThatCode(() -> CellContract.verify(new UserCell(h -> h))).doesNotThrowAnyException();
  }

  @Test
  void findsAWrongShape() {
    assertThatFails(
        h -> h.columnRange(0, 2),
        "UserCell: output after a step of 3 sequences: expected (3, 3), got (3, 2)");
  }

  @Test
  void findsAGradientThatIsNone() {
    assertThatFails(
        CellContractTest::squareWithWrongGradient,
        "UserCell: the gradient of weight is not its derivative");
  }

  @Test
  void findsASequenceThatSeesItsNeighbours() {
    assertThatFails(
        h -> h.add(h.tape().constant(columnSums(h))), "UserCell: sequence 0 alone and in a batch");
  }

  @Test
  void findsWhatIsNotANumber() {
    assertThatFails(
        h -> h.affine(Float.POSITIVE_INFINITY, 0), "UserCell: a value of outputs or states is");
  }

  private static void assertThatFails(UnaryOperator<Var> change, String message) {
    assertThatThrownBy(() -> CellContract.verify(new UserCell(change)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  /** v², whose backward forgets the factor 2. */
  private static Var squareWithWrongGradient(Var v) {
    Tape tape = v.tape();
    Matrix square = tape.allocate(v.rows(), v.cols());
    Elementwise.mul(v.value(), v.value(), square);
    Var result = tape.result(square, v);
    tape.record(() -> Elementwise.addMul(result.gradient(), v.value(), v.gradient()), result);
    return result;
  }

  private static Matrix columnSums(Var v) {
    Matrix sums = Matrix.zeros(v.rows(), v.cols());
    for (int r = 0; r < v.rows(); r++) {
      Elementwise.addColumnSums(
          v.tape().kernels(), Workers.SINGLE, v.value(), sums.rowRange(r, r + 1));
    }
    return sums;
  }
}
