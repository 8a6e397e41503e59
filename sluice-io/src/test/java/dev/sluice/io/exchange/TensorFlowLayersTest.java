package dev.sluice.io.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.io.Imported;
import dev.sluice.io.tensorflow.TensorFlowCell;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scopes tell which cells of a checkpoint are one layer. */
final class TensorFlowLayersTest {
  private final List<TensorFlowCell> cells = new ArrayList<>();

  @Test
  void theCellsOfAMultiRnnCellAreLayers() {
    add("rnn/multi_rnn_cell/cell_0/lstm_cell", new LstmCell(2, 3));
    add("rnn/multi_rnn_cell/cell_1/lstm_cell", new LstmCell(3, 4));
    Imported.Part part = only();
    assertThat(part.name()).isEqualTo("rnn.multi_rnn_cell.cell.lstm_cell");
    assertThat(recurrent(part).cells()).containsExactly(new LstmCell(2, 3), new LstmCell(3, 4));
    assertWeight(part, "rnn.multi_rnn_cell.cell.lstm_cell.weight_ih_l0", 1);
    assertWeight(part, "rnn.multi_rnn_cell.cell.lstm_cell.bias_hh_l1", 2);
  }

  @Test
  void forwardAndBackwardAreTheDirectionsOfOneLayer() {
    add("bidirectional_rnn/fw/gru_cell", new GruCell(2, 3));
    add("bidirectional_rnn/bw/gru_cell", new GruCell(2, 3));
    Imported.Part part = only();
    assertThat(part.name()).isEqualTo("bidirectional_rnn.gru_cell");
    assertThat(recurrent(part).bidirectional()).isTrue();
    assertWeight(part, "bidirectional_rnn.gru_cell.weight_hh_l0", 1);
    assertWeight(part, "bidirectional_rnn.gru_cell.weight_hh_l0_reverse", 2);
  }

  @Test
  void layersOfWhichEachIsBidirectional() {
    for (int layer = 0; layer < 2; layer++) {
      for (String direction : List.of("fw", "bw")) {
        add(
            "stack/cell_%d/bidirectional_rnn/%s/lstm_cell".formatted(layer, direction),
            new LstmCell(layer == 0 ? 2 : 6, 3));
      }
    }
    Recurrent recurrent = recurrent(only());
    assertThat(recurrent.bidirectional()).isTrue();
    assertThat(recurrent.cells()).hasSize(4).last().isEqualTo(new LstmCell(6, 3));
    assertWeight(only(), "stack.cell.bidirectional_rnn.lstm_cell.weight_ih_l1", 3);
  }

  /** Each direction runs through its whole stack before the two meet. */
  @Test
  void aStackInsideOfEachDirection() {
    for (String direction : List.of("fw", "bw")) {
      for (int i = 0; i < 2; i++) {
        add(
            "bidirectional_rnn/%s/multi_rnn_cell/cell_%d/lstm_cell".formatted(direction, i),
            new LstmCell(i == 0 ? 2 : 3, 3));
      }
    }
    Recurrent recurrent = recurrent(only());
    assertThat(recurrent.cells())
        .hasSize(2)
        .first()
        .isEqualTo(new StackedCells(List.of(new LstmCell(2, 3), new LstmCell(3, 3))));
    assertWeight(
        only(), "bidirectional_rnn.multi_rnn_cell.cell.lstm_cell.weight_ih_cell1_l0_reverse", 4);
  }

  @Test
  void cellsThatDoNotFitStandAlone() {
    add("encoder/cell_0/lstm_cell", new LstmCell(2, 3));
    add("encoder/cell_1/lstm_cell", new LstmCell(2, 3));
    add("decoder/fw/lstm_cell", new LstmCell(2, 3));
    assertThat(TensorFlowLayers.of(cells))
        .extracting(Imported.Part::name)
        .containsExactly(
            "encoder.cell_0.lstm_cell", "encoder.cell_1.lstm_cell", "decoder.lstm_cell");
  }

  /** A cell whose weights are all its number, from 1. */
  private void add(String scope, Cell cell) {
    Map<String, Matrix> weights = new LinkedHashMap<>();
    for (ParameterSpec spec : cell.parameters("")) {
      Matrix weight = Matrix.zeros(spec.rows(), spec.cols());
      weight.fill(cells.size() + 1);
      weights.put(spec.name(), weight);
    }
    cells.add(new TensorFlowCell(scope, cell, weights, List.of()));
  }

  private Imported.Part only() {
    List<Imported.Part> parts = TensorFlowLayers.of(cells);
    assertThat(parts).hasSize(1);
    return parts.getFirst();
  }

  private static Recurrent recurrent(Imported.Part part) {
    return part.network().recurrentLayers().getFirst().recurrent();
  }

  private static void assertWeight(Imported.Part part, String name, float value) {
    assertThat(part.network().parameters().get(name).value().toArray()).containsOnly(value);
  }
}
