package dev.sluice.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MatrixTest {
  private static Matrix example() {
    return Matrix.of(3, 4, 0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
  }

  @Test
  void isRowMajor() {
    assertThat(example().get(1, 2)).isEqualTo(12);
    assertThat(example().data[example().at(2) + 1]).isEqualTo(21);
    assertThat(example()).hasToString("Matrix(3, 4)");
    assertThat(Matrix.zeros(2, 3).toArray()).containsExactly(0, 0, 0, 0, 0, 0);
  }

  @Test
  void windowsShareMemory() {
    Matrix whole = example();
    Matrix window = whole.rowRange(1, 3).columnRange(1, 3);
    assertThat(window.toArray()).containsExactly(11, 12, 21, 22);
    window.set(1, 0, 99);
    assertThat(whole.get(2, 1)).isEqualTo(99);
    whole.set(1, 2, 98);
    assertThat(window.get(0, 1)).isEqualTo(98);
  }

  @Test
  void windowOfAnArrayStartsAtItsOffset() {
    float[] data = {0, 1, 2, 3, 4, 5, 6};
    Matrix window = Matrix.window(data, 1, 2, 3);
    assertThat(window.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    window.set(0, 0, 9);
    assertThat(data[1]).isEqualTo(9);
  }

  @Test
  void fillAndCopyStayInsideTheWindow() {
    Matrix whole = example();
    whole.columnRange(1, 3).fill(7);
    assertThat(whole.toArray()).containsExactly(0, 7, 7, 3, 10, 7, 7, 13, 20, 7, 7, 23);
    whole.rowRange(0, 2).columnRange(0, 2).copyFrom(Matrix.of(2, 2, 1, 2, 3, 4));
    assertThat(whole.toArray()).containsExactly(1, 2, 7, 3, 3, 4, 7, 13, 20, 7, 7, 23);
  }

  @Test
  void copyHasItsOwnMemory() {
    Matrix window = example().columnRange(1, 3);
    Matrix copy = window.copy();
    copy.set(0, 0, 99);
    assertThat(window.get(0, 0)).isEqualTo(1);
    assertThat(copy.stride).isEqualTo(2);
    float[] values = {1, 2};
    Matrix.of(1, 2, values).set(0, 0, 5);
    assertThat(values).containsExactly(1, 2);
  }

  @Test
  void oneRowIsSeenAsMany() {
    Matrix row = Matrix.of(2, 3, 1, 2, 3, 4, 5, 6).columnRange(1, 3).rowRange(1, 2);
    Matrix expanded = row.expand(3);
    assertThat(expanded.toArray()).containsExactly(5, 6, 5, 6, 5, 6);
    assertThat(expanded.rowRange(2, 3).toArray()).containsExactly(5, 6);
    assertThat(row.expand(1)).isSameAs(row);
    assertFails(() -> example().expand(4), "3 rows cannot be expanded to 4, only one can");
  }

  @Test
  void emptyWindowsAreAllowed() {
    assertThat(example().rowRange(3, 3).toArray()).isEmpty();
    assertThat(example().columnRange(0, 0).toArray()).isEmpty();
  }

  @Test
  void errorsSayWhatWasGivenAndExpected() {
    assertFails(() -> Matrix.zeros(-1, 2), "a matrix cannot be -1 x 2");
    assertFails(() -> Matrix.of(2, 2, 1, 2, 3), "a 2 x 2 matrix takes 4 values, got 3");
    assertFails(
        () -> Matrix.window(new float[5], 1, 1, 5), "a 1 x 5 window at 1 does not fit in 5 floats");
    assertFails(() -> example().get(3, 0), "element (3, 0) of a 3 x 4 matrix");
    assertFails(() -> example().set(0, -1, 0), "element (0, -1) of a 3 x 4 matrix");
    assertFails(() -> example().rowRange(2, 4), "rows 2 to 4 of a matrix with 3 rows");
    assertFails(() -> example().columnRange(2, 1), "columns 2 to 1 of a matrix with 4 columns");
    assertFails(
        () -> example().copyFrom(Matrix.zeros(4, 3)), "source: expected (3, 4), got (4, 3)");
    assertThatThrownBy(() -> Matrix.zeros(1 << 16, 1 << 16))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("a 65536 x 65536 matrix is more than one array holds");
  }

  private static void assertFails(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
