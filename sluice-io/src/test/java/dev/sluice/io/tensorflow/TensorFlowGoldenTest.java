package dev.sluice.io.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.io.StoredTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A checkpoint of others in {@code ../../shared/golden}, a collection that may lie beside the checkout. */
class TensorFlowGoldenTest {
  private static final Path COLLECTION = Path.of("..", "..", "shared", "golden");

  @TestFactory
  Stream<DynamicTest> checkpoints() {
    if (!Files.isDirectory(COLLECTION)) {
      System.out.printf("golden: no %s, so no TF1 checkpoints of others are read%n", COLLECTION);
      return Stream.empty();
    }
    return Stream.of(dynamicTest("gita", TensorFlowGoldenTest::checkGita));
  }

  /** A language model of two layers, with the slots of Adam. */
  private static void checkGita() {
    try (TensorFlowFile file =
        TensorFlowFile.open(COLLECTION.resolve("models").resolve("tf1-gita"))) {
      assertThat(file.tensors()).hasSize(24);
      assertThat(file.unread()).isEmpty();
      for (StoredTensor tensor : file.tensors().values()) {
        for (float value : tensor.floats()) {
          assertThat(Float.isFinite(value)).as(tensor.name()).isTrue();
        }
      }
      assertThat(file.tensor("embedding").shape()).containsExactly(82, 128);

      TensorFlowCells cells = TensorFlowCells.of(file, TensorFlowCells.FORGET_BIAS);
      assertThat(cells.cells())
          .extracting(TensorFlowCell::scope)
          .containsExactly(
              "rnnlm/multi_rnn_cell/cell_0/lstm_cell", "rnnlm/multi_rnn_cell/cell_1/lstm_cell");
      assertThat(cells.cells())
          .allMatch(cell -> cell.cell().equals(new LstmVariantCell(128, 128, LstmVariant.TF1)));
      assertThat(cells.others())
          .containsExactly("Variable", "embedding", "rnnlm/softmax_b", "rnnlm/softmax_w");
      assertThat(cells.skipped()).hasSize(16);
      System.out.println("golden tf1: 1 checkpoint");
    }
  }
}
