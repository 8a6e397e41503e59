package dev.sluice.io.tensorflow;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.ParameterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cells by the names that TensorFlow gave their variables over the years. 2 inputs, 3 units. */
class TensorFlowCellsTest {
  private static final int INPUTS = 2;
  private static final int UNITS = 3;
  private static final String FORGET_BIAS =
      "forget_bias is not stored: 1.0 is added to its forget gate at run time, which is TF1's"
          + " default";

  @TempDir private Path folder;

  private final BundleWriter writer = new BundleWriter();
  private int written;

  /** A variable whose numbers are all different, from 1000 times its place on. */
  private TensorFlowCellsTest add(String name, Integer... shape) {
    int count = IntStream.range(0, shape.length).map(d -> shape[d]).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    written++;
    for (int i = 0; i < count; i++) {
      values[i] = 1000 * written + i;
    }
    writer.add(name, List.of(shape), values);
    return this;
  }

  private TensorFlowCells cells() throws IOException {
    try (TensorFlowFile file = TensorFlowFile.open(writer.write(folder.resolve("m")))) {
      return TensorFlowCells.of(file, TensorFlowCells.FORGET_BIAS);
    }
  }

  private TensorFlowCell cell() throws IOException {
    TensorFlowCells cells = cells();
    assertThat(cells.others()).isEmpty();
    assertThat(cells.cells()).hasSize(1);
    TensorFlowCell cell = cells.cells().getFirst();
    for (ParameterSpec spec : cell.cell().parameters("")) {
      Matrix weight = requireNonNull(cell.weights().get(spec.name()), spec.name());
      Matrix.requireShape(spec.name(), weight, spec.rows(), spec.cols());
    }
    return cell;
  }

  private static float[] weight(TensorFlowCell cell, String name) {
    return requireNonNull(cell.weights().get(name)).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "RNN/MultiRNNCell/Cell0/BasicLSTMCell, Linear/Matrix, Linear/Bias",
    "RNN/LSTMCell, W_0, B",
    "rnn/multi_rnn_cell/cell_0/basic_lstm_cell, weights, biases",
    "rnn/multi_rnn_cell/cell_0/basic_lstm_cell, kernel, bias",
    "rnn/lstm_cell_1, kernel, bias",
    "rnn/lstm_block_cell, W, b",
    "bidirectional_rnn/fw/lstm_fused_cell, kernel, bias"
  })
  void lstmsOfEveryEra(String scope, String kernel, String bias) throws IOException {
    add(scope + "/" + kernel, INPUTS + UNITS, 4 * UNITS).add(scope + "/" + bias, 4 * UNITS);
    TensorFlowCell cell = cell();
    assertThat(cell.scope()).isEqualTo(scope);
    assertThat(cell.cell()).isEqualTo(new LstmVariantCell(INPUTS, UNITS, LstmVariant.TF1));
    assertThat(cell.assumptions()).containsExactly(FORGET_BIAS);
    // row 0 of the kernel, in TF1's order i j f o, in the order i f g o
    assertThat(weight(cell, "weight_ih"))
        .startsWith(1000, 1001, 1002, 1006, 1007, 1008, 1003, 1004, 1005, 1009);
    assertThat(weight(cell, "weight_hh")).startsWith(1024, 1025, 1026, 1030);
    assertThat(weight(cell, "bias_ih")).startsWith(2000, 2001, 2002, 2006);
    assertThat(weight(cell, "bias_hh")).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "rnn/lstm_cell, kernel, bias, w_i_diag, w_f_diag, w_o_diag, projection/kernel",
    "rnn/lstm_cell, weights, biases, w_i_diag, w_f_diag, w_o_diag, projection/weights",
    "RNN/LSTMCell, W_0, B, W_I_diag, W_F_diag, W_O_diag, W_P_0"
  })
  void peepholesAndProjection(
      String scope, String kernel, String bias, String i, String f, String o, String projection)
      throws IOException {
    add(scope + "/" + kernel, INPUTS + 2, 4 * UNITS).add(scope + "/" + bias, 4 * UNITS);
    add(scope + "/" + i, UNITS).add(scope + "/" + f, UNITS).add(scope + "/" + o, UNITS);
    add(scope + "/" + projection, UNITS, 2);
    TensorFlowCell cell = cell();
    LstmVariant variant = LstmVariant.TF1.withPeepholes().withProjection(2);
    assertThat(cell.cell()).isEqualTo(new LstmVariantCell(INPUTS, UNITS, variant));
    assertThat(weight(cell, "weight_ci")).containsExactly(3000, 3001, 3002);
    assertThat(weight(cell, "weight_cf")).containsExactly(4000, 4001, 4002);
    assertThat(weight(cell, "weight_co")).containsExactly(5000, 5001, 5002);
    assertThat(weight(cell, "weight_hr")).containsExactly(6000, 6001, 6002, 6003, 6004, 6005);
  }

  @Test
  void coupledGates() throws IOException {
    String scope = "rnn/coupled_input_forget_gate_lstm_cell/";
    add(scope + "W_0", INPUTS + UNITS, 3 * UNITS).add(scope + "B", 3 * UNITS);
    TensorFlowCell cell = cell();
    LstmVariant variant = LstmVariant.TF1.withCoupling(Coupling.INPUT_FROM_FORGET);
    assertThat(cell.cell()).isEqualTo(new LstmVariantCell(INPUTS, UNITS, variant));
    // j f o becomes f g o
    assertThat(weight(cell, "bias_ih"))
        .containsExactly(2003, 2004, 2005, 2000, 2001, 2002, 2006, 2007, 2008);
  }

  @ParameterizedTest
  @CsvSource({
    "RNN/GRUCell, Gates/Linear/Matrix, Gates/Linear/Bias, Candidate/Linear/Matrix,"
        + " Candidate/Linear/Bias",
    "rnn/gru_cell, gates/weights, gates/biases, candidate/weights, candidate/biases",
    "rnn/gru_cell, gates/kernel, gates/bias, candidate/kernel, candidate/bias",
    "rnn/gru_cell, w_ru, b_ru, w_c, b_c"
  })
  void grusOfEveryEra(String scope, String gates, String gateBias, String candidate, String bias)
      throws IOException {
    add(scope + "/" + gates, INPUTS + UNITS, 2 * UNITS).add(scope + "/" + gateBias, 2 * UNITS);
    add(scope + "/" + candidate, INPUTS + UNITS, UNITS).add(scope + "/" + bias, UNITS);
    TensorFlowCell cell = cell();
    assertThat(cell.cell()).isEqualTo(new GruCell(INPUTS, UNITS, false, true));
    assertThat(cell.assumptions()).isEmpty();
    assertThat(weight(cell, "weight_ih"))
        .startsWith(1000, 1001, 1002, 1003, 1004, 1005, 3000, 3001, 3002, 1006);
    assertThat(weight(cell, "bias_ih"))
        .containsExactly(2000, 2001, 2002, 2003, 2004, 2005, 4000, 4001, 4002);
  }

  @ParameterizedTest
  @CsvSource({
    "RNN/BasicRNNCell, Linear/Matrix, Linear/Bias",
    "rnn/basic_rnn_cell, weights, biases",
    "rnn/basic_rnn_cell, kernel, bias"
  })
  void rnnsOfEveryEra(String scope, String kernel, String bias) throws IOException {
    add(scope + "/" + kernel, INPUTS + UNITS, UNITS).add(scope + "/" + bias, UNITS);
    TensorFlowCell cell = cell();
    assertThat(cell.cell()).isEqualTo(new RnnCell(INPUTS, UNITS));
    assertThat(weight(cell, "weight_hh")).startsWith(1006, 1007);
  }

  @Test
  void layerNormalisation() throws IOException {
    String scope = "rnn/layer_norm_basic_lstm_cell/";
    add(scope + "kernel", INPUTS + UNITS, 4 * UNITS);
    for (String gate : List.of("input", "transform", "forget", "output", "state")) {
      add(scope + gate + "/gamma", UNITS).add(scope + gate + "/beta", UNITS);
    }
    TensorFlowCell cell = cell();
    assertThat(cell.cell()).isEqualTo(new LayerNormLstmCell(INPUTS, UNITS, 1));
    assertThat(weight(cell, "weight_ln"))
        .containsExactly(2000, 2001, 2002, 6000, 6001, 6002, 4000, 4001, 4002, 8000, 8001, 8002);
    assertThat(weight(cell, "bias_ln_c")).containsExactly(11000, 11001, 11002);
  }

  @Test
  void cellsThatAreCompatibleWithCudnn() throws IOException {
    add("a/cudnn_compatible_lstm_cell/kernel", INPUTS + UNITS, 4 * UNITS)
        .add("a/cudnn_compatible_lstm_cell/bias", 4 * UNITS);
    String gru = "b/cudnn_compatible_gru_cell/";
    add(gru + "gates/kernel", INPUTS + UNITS, 2 * UNITS).add(gru + "gates/bias", 2 * UNITS);
    add(gru + "candidate/input_projection/kernel", INPUTS, UNITS)
        .add(gru + "candidate/input_projection/bias", UNITS);
    add(gru + "candidate/hidden_projection/kernel", UNITS, UNITS)
        .add(gru + "candidate/hidden_projection/bias", UNITS);
    TensorFlowCells cells = cells();
    assertThat(cells.cells())
        .extracting(TensorFlowCell::cell)
        .containsExactly(new LstmCell(INPUTS, UNITS), new GruCell(INPUTS, UNITS));
    assertThat(cells.cells()).allMatch(cell -> cell.assumptions().isEmpty());
    TensorFlowCell cell = cells.cells().get(1);
    assertThat(weight(cell, "bias_hh")).endsWith(8000, 8001, 8002).startsWith(0, 0);
    assertThat(weight(cell, "weight_hh")).startsWith(3012, 3013, 3014, 3015, 3016, 3017, 7000);
  }

  @Test
  void layersOfKeras() throws IOException {
    add("lstm/kernel", INPUTS, 4 * UNITS).add("lstm/recurrent_kernel", UNITS, 4 * UNITS);
    add("lstm/bias", 4 * UNITS);
    add("gru/kernel", INPUTS, 3 * UNITS).add("gru/recurrent_kernel", UNITS, 3 * UNITS);
    add("gru/bias", 2, 3 * UNITS);
    assertThat(cells().cells())
        .extracting(TensorFlowCell::cell)
        .containsExactly(new GruCell(INPUTS, UNITS), new LstmCell(INPUTS, UNITS));
  }

  /** Checkpoints of objects name variables by the attributes that lead to them. */
  @Test
  void layersOfKerasInCheckpointsOfObjects() throws IOException {
    String end = "/.ATTRIBUTES/VARIABLE_VALUE";
    String cell = "layer_with_weights-1/forward_layer/cell/";
    add(cell + "kernel" + end, INPUTS, 4 * UNITS).add(cell + "bias" + end, 4 * UNITS);
    add(cell + "recurrent_kernel" + end, UNITS, 4 * UNITS);
    add(cell + "bias/.OPTIMIZER_SLOT/optimizer/m" + end, 4 * UNITS);
    add("optimizer/iter" + end).add("save_counter" + end);
    add("layer_with_weights-0/embeddings" + end, 7, 2);
    TensorFlowCells cells = cells();
    assertThat(cells.cells()).hasSize(1);
    assertThat(cells.cells().getFirst().scope())
        .isEqualTo("layer_with_weights-1/forward_layer/cell");
    assertThat(cells.cells().getFirst().cell()).isEqualTo(new LstmCell(INPUTS, UNITS));
    assertThat(cells.others()).containsExactly("layer_with_weights-0/embeddings" + end);
    assertThat(cells.skipped()).hasSize(3);
  }

  /** Their shapes would do for a plain cell. */
  @ParameterizedTest
  @CsvSource({
    "ugrnn_cell, 2",
    "intersection_rnn_cell, 1",
    "weight_norm_lstm_cell, 4",
    "sru_cell, 4"
  })
  void cellsThatSluiceDoesNotHave(String kind, int gates) throws IOException {
    int inputs = 20;
    add("rnn/" + kind + "/kernel", inputs + UNITS, gates * UNITS);
    add("rnn/" + kind + "/bias", gates * UNITS);
    assertThat(cells().cells()).isEmpty();
  }

  @Test
  void whatIsNoCellIsListedAndSlotsAreSkipped() throws IOException {
    add("rnn/lstm_cell/kernel", INPUTS + UNITS, 4 * UNITS).add("rnn/lstm_cell/bias", 4 * UNITS);
    add("rnn/lstm_cell/kernel/Adam", INPUTS + UNITS, 4 * UNITS);
    add("rnn/lstm_cell/kernel/Adam_1", INPUTS + UNITS, 4 * UNITS);
    add("rnn/lstm_cell/bias/my_optimizer", 4 * UNITS);
    add("OptimizeLoss/rnn/lstm_cell/bias/Momentum", 4 * UNITS);
    add("training/Adam/rnn/lstm_cell/kernel/m", INPUTS + UNITS, 4 * UNITS);
    add("training_1/RMSprop/Variable", 3).add("Adam/iterations").add("SGD/momentum");
    add("train/beta1_power").add("beta2_power_1").add("global_step").add("Variable");
    add("lstm_model/dense/kernel", 9, 8).add("lstm_model/dense/bias", 8);
    add("rnn/OutputProjectionWrapper/Linear/Matrix", 9, 8)
        .add("rnn/OutputProjectionWrapper/Linear/Bias", 8);
    add("hidden/weights", 9, 8).add("hidden/biases", 8);
    add("embedding", 7, 2);
    TensorFlowCells cells = cells();
    assertThat(cells.cells()).hasSize(1);
    assertThat(cells.others())
        .containsExactlyInAnyOrder(
            "Variable",
            "embedding",
            "hidden/biases",
            "hidden/weights",
            "lstm_model/dense/bias",
            "lstm_model/dense/kernel",
            "rnn/OutputProjectionWrapper/Linear/Bias",
            "rnn/OutputProjectionWrapper/Linear/Matrix");
    assertThat(cells.skipped())
        .containsExactly(
            "Adam/iterations",
            "OptimizeLoss/rnn/lstm_cell/bias/Momentum",
            "SGD/momentum",
            "beta2_power_1",
            "global_step",
            "rnn/lstm_cell/bias/my_optimizer",
            "rnn/lstm_cell/kernel/Adam",
            "rnn/lstm_cell/kernel/Adam_1",
            "train/beta1_power",
            "training/Adam/rnn/lstm_cell/kernel/m",
            "training_1/RMSprop/Variable");
  }

  @Test
  void whatNamesDoNotTellIsSaid() throws IOException {
    add("rnn/my_own/kernel", INPUTS + UNITS, 4 * UNITS).add("rnn/my_own/bias", 4 * UNITS);
    assertThat(cell().assumptions())
        .containsExactly(
            "its name does not tell the kind: taken for an LSTM of 3 units, which a kernel of (5,"
                + " 12) allows",
            FORGET_BIAS);
  }

  @Test
  void shapesThatDoNotGoTogetherAreNoCell() throws IOException {
    add("rnn/lstm_cell/kernel", UNITS, 4 * UNITS).add("rnn/lstm_cell/bias", 4 * UNITS);
    add("rnn/gru_cell/gates/kernel", 5, 6).add("rnn/gru_cell/candidate/kernel", 6, 3);
    TensorFlowCells cells = cells();
    assertThat(cells.cells()).isEmpty();
    assertThat(cells.others()).hasSize(4);
  }

  @Test
  void cellsAreCounted() throws IOException {
    for (int i : new int[] {10, 9, 1}) {
      add("rnn/cell_%d/basic_rnn_cell/kernel".formatted(i), INPUTS + UNITS, UNITS);
      add("rnn/cell_%d/basic_rnn_cell/bias".formatted(i), UNITS);
    }
    List<Cell> same = List.of(new RnnCell(2, 3), new RnnCell(2, 3), new RnnCell(2, 3));
    assertThat(cells().cells()).extracting(TensorFlowCell::cell).isEqualTo(same);
    assertThat(cells().cells())
        .extracting(TensorFlowCell::scope)
        .containsExactly(
            "rnn/cell_1/basic_rnn_cell", "rnn/cell_9/basic_rnn_cell", "rnn/cell_10/basic_rnn_cell");
  }

  @ParameterizedTest
  @CsvSource({"bidirectional_rnn/fw/, bidirectional_rnn/bw/", "a/forward_b/, a/backward_b/"})
  void forwardIsBeforeBackward(String forward, String backward) throws IOException {
    for (String scope : List.of(backward, forward)) {
      add(scope + "basic_rnn_cell/kernel", INPUTS + UNITS, UNITS);
      add(scope + "basic_rnn_cell/bias", UNITS);
    }
    assertThat(cells().cells())
        .extracting(TensorFlowCell::scope)
        .containsExactly(forward + "basic_rnn_cell", backward + "basic_rnn_cell");
  }

  @Test
  void anotherForgetBias() throws IOException {
    add("rnn/lstm_cell/kernel", INPUTS + UNITS, 4 * UNITS).add("rnn/lstm_cell/bias", 4 * UNITS);
    try (TensorFlowFile file = TensorFlowFile.open(writer.write(folder.resolve("m")))) {
      TensorFlowCell cell = TensorFlowCells.of(file, 0).cells().getFirst();
      assertThat(cell.cell()).isEqualTo(new LstmCell(INPUTS, UNITS));
      assertThat(cell.assumptions())
          .containsExactly(
              "forget_bias is not stored: 0.0 is added to its forget gate at run time");
    }
  }
}
