package dev.sluice.io.dialect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weights whose values say where they came from, through each dialect: an element is the letter of its
 * gate, as a number, plus its row and its unit.
 */
class DialectTest {
  private static final int INPUTS = 2;
  private static final int UNITS = 3;

  /** (rows, gates·H), or transposed. */
  private static Matrix labelled(String gates, int rows, boolean inputMajor) {
    int cols = gates.length() * UNITS;
    Matrix m = inputMajor ? Matrix.zeros(rows, cols) : Matrix.zeros(cols, rows);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        float label = gates.charAt(c / UNITS) * 1000 + r * 10 + c % UNITS;
        m.set(inputMajor ? r : c, inputMajor ? c : r, label);
      }
    }
    return m;
  }

  private static Map<String, Matrix> convert(Dialect dialect, String gates, Cell cell, int biases) {
    Matrix bias = labelled(gates, 1, true);
    StoredCell stored =
        new StoredCell(
            labelled(gates, INPUTS, dialect.inputMajor()),
            labelled(gates, UNITS, dialect.inputMajor()),
            List.of(bias, bias).subList(0, biases));
    return dialect.convert(stored, cell);
  }

  private static Dialect dialect(String name) {
    return switch (name) {
      case "PyTorch" -> Dialect.PYTORCH;
      case "Keras" -> Dialect.KERAS;
      case "TF1" -> Dialect.TF1;
      default -> Dialect.ONNX;
    };
  }

  private static void assertValues(Map<String, Matrix> weights, String name, Matrix expected) {
    assertThat(requireNonNull(weights.get(name)).toArray())
        .as(name)
        .containsExactly(expected.toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "PyTorch, ifgo, rzn, 2",
    "Keras, ifgo, zrn, 1",
    "TF1, igfo, rzn, 1",
    "ONNX, iofg, zrn, 2"
  })
  void gatesComeToTheirPlace(String name, String lstm, String gru, int biases) {
    Dialect dialect = dialect(name);
    Map<String, String> orders = Map.of("ifgo", lstm, "rzn", gru, "n", "n");
    Map<String, Cell> cells =
        Map.of(
            "ifgo", new LstmCell(INPUTS, UNITS),
            "rzn", new GruCell(INPUTS, UNITS),
            "n", new RnnCell(INPUTS, UNITS));
    cells.forEach(
        (ours, cell) -> {
          Map<String, Matrix> weights =
              convert(dialect, requireNonNull(orders.get(ours)), cell, biases);
          assertValues(weights, "weight_ih", labelled(ours, INPUTS, true));
          assertValues(weights, "weight_hh", labelled(ours, UNITS, true));
          assertValues(weights, "bias_ih", labelled(ours, 1, true));
          Matrix second =
              biases == 2 ? labelled(ours, 1, true) : Matrix.zeros(1, ours.length() * UNITS);
          assertValues(weights, "bias_hh", second);
        });
  }

  @Test
  void loadingFillsTheParametersOfThatPrefixAndSuffix() {
    Cell cell = new GruCell(INPUTS, UNITS);
    Parameters parameters =
        new Parameters(new Recurrent("rnn", List.of(cell), false, 0).parameters());
    Matrix bias =
        StoredCell.sideBySide(
            labelled("z", 1, true), labelled("r", 1, true), labelled("n", 1, true));
    StoredCell stored =
        new StoredCell(
            labelled("zrn", INPUTS, true), labelled("zrn", UNITS, true), List.of(bias, bias));
    Dialect.KERAS.load(stored, cell, parameters, "rnn.", "_l0");
    assertThat(parameters.get("rnn.weight_hh_l0").value().toArray())
        .containsExactly(labelled("rzn", UNITS, true).toArray());
    assertThat(parameters.get("rnn.bias_hh_l0").value().toArray())
        .containsExactly(labelled("rzn", 1, true).toArray());
    assertThatThrownBy(() -> Dialect.KERAS.load(stored, cell, parameters, "rnn.", "_l1"))
        .hasMessage(
            "no parameter is named rnn.weight_ih_l1; there are rnn.weight_ih_l0, rnn.weight_hh_l0,"
                + " rnn.bias_ih_l0, rnn.bias_hh_l0");
  }

  @Test
  void aCoupledGateIsNotStoredByTf1AndLeftOutOfOnnx() {
    LstmVariant plain = LstmVariant.PLAIN.withoutBias();
    Cell cifg = new LstmVariantCell(INPUTS, UNITS, plain.withCoupling(Coupling.INPUT_FROM_FORGET));
    Cell inputForget =
        new LstmVariantCell(INPUTS, UNITS, plain.withCoupling(Coupling.FORGET_FROM_INPUT));
    assertValues(convert(Dialect.TF1, "gfo", cifg, 0), "weight_ih", labelled("fgo", INPUTS, true));
    assertValues(
        convert(Dialect.ONNX, "iofg", inputForget, 0), "weight_ih", labelled("igo", INPUTS, true));
  }

  @Test
  void aJoinedKernelIsInputAboveState() {
    Matrix kernel = labelled("igfo", INPUTS + UNITS, true);
    StoredCell stored = StoredCell.ofJoined(kernel, INPUTS, List.of());
    assertThat(stored.input().rows).isEqualTo(INPUTS);
    assertThat(stored.recurrent().get(0, 0)).isEqualTo(kernel.get(INPUTS, 0));
    assertThatThrownBy(() -> StoredCell.ofJoined(kernel, 5, List.of()))
        .hasMessage("a kernel for 5 inputs and a state needs more than 5 rows, got Matrix(5, 12)");
  }

  @Test
  void theProjectionIsTurnedAndPeepholesStay() {
    LstmVariant variant = LstmVariant.PLAIN.withoutBias().withPeepholes().withProjection(2);
    Matrix peephole = Matrix.of(1, UNITS, 1, 2, 3);
    StoredCell stored =
        new StoredCell(labelled("iofg", INPUTS, false), labelled("iofg", 2, false), List.of())
            .with("weight_ci", peephole)
            .with("weight_cf", peephole)
            .with("weight_co", peephole)
            .with("weight_hr", Matrix.of(2, UNITS, 1, 2, 3, 4, 5, 6));
    Map<String, Matrix> weights =
        Dialect.ONNX.convert(stored, new LstmVariantCell(INPUTS, UNITS, variant));
    assertValues(weights, "weight_hr", Matrix.of(UNITS, 2, 1, 4, 2, 5, 3, 6));
    assertValues(weights, "weight_cf", peephole);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PyTorch", "Keras", "TF1", "ONNX"})
  void theWayBackIsTheOpposite(String name) {
    Dialect dialect = dialect(name);
    List<Cell> cells =
        List.of(
            new LstmCell(INPUTS, UNITS),
            new GruCell(INPUTS, UNITS),
            new RnnCell(INPUTS, UNITS),
            new LstmVariantCell(INPUTS, UNITS, LstmVariant.PLAIN.withPeepholes()));
    for (Cell cell : cells) {
      String gates = gates(dialect, cell);
      Matrix peephole = Matrix.of(1, UNITS, 1, 2, 3);
      StoredCell stored =
          new StoredCell(
                  labelled(gates, INPUTS, dialect.inputMajor()),
                  labelled(gates, UNITS, dialect.inputMajor()),
                  List.of(labelled(gates, 1, true), labelled(gates, 1, true)))
              .with("weight_ci", peephole)
              .with("weight_cf", peephole)
              .with("weight_co", peephole);
      StoredCell back = dialect.store(cell, dialect.convert(stored, cell));
      assertSame(back.input(), stored.input());
      assertSame(back.recurrent(), stored.recurrent());
      assertSame(back.biases().get(0), stored.biases().get(0));
      assertSame(back.biases().get(1), stored.biases().get(1));
      assertThat(back.others()).hasSize(cell instanceof LstmVariantCell ? 3 : 0);
      back.others().values().forEach(other -> assertSame(other, peephole));
    }
  }

  @Test
  void onTheWayBackAProjectionIsTurnedAndAMissingGateIsZero() {
    LstmVariant variant =
        LstmVariant.PLAIN.withoutBias().withCoupling(Coupling.FORGET_FROM_INPUT).withProjection(2);
    Cell cell = new LstmVariantCell(INPUTS, UNITS, variant);
    Map<String, Matrix> weights =
        Map.of(
            "weight_ih", labelled("igo", INPUTS, true),
            "weight_hh", labelled("igo", 2, true),
            "weight_hr", Matrix.of(UNITS, 2, 1, 4, 2, 5, 3, 6));
    StoredCell stored = Dialect.ONNX.store(cell, weights);
    assertThat(stored.biases()).isEmpty();
    assertSame(
        requireNonNull(stored.others().get("weight_hr")), Matrix.of(2, UNITS, 1, 2, 3, 4, 5, 6));
    Matrix all = labelled("iofg", INPUTS, false);
    all.rowRange(2 * UNITS, 3 * UNITS).fill(0);
    assertSame(stored.input(), all);
    assertThatThrownBy(
            () -> Dialect.ONNX.store(cell, Map.of("weight_ih", weights.get("weight_ih"))))
        .hasMessage("ONNX: the cell has a weight_hh, and there are only [weight_ih]");
  }

  private static String gates(Dialect dialect, Cell cell) {
    return switch (cell) {
      case GruCell gru -> dialect.gruGates();
      case RnnCell rnn -> "n";
      default -> dialect.lstmGates();
    };
  }

  private static void assertSame(Matrix actual, Matrix expected) {
    Matrix.requireShape("actual", actual, expected.rows, expected.cols);
    assertThat(actual.toArray()).containsExactly(expected.toArray());
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> convert(Dialect.KERAS, "zrn", new LstmCell(INPUTS, UNITS), 1))
        .hasMessage(
            "Keras: expected the 4 gates i f g o of 3 units side by side, got Matrix(2, 9)");
    assertThatThrownBy(() -> convert(Dialect.KERAS, "zrn", new GruCell(5, UNITS), 1))
        .hasMessage("Keras: weight_ih: expected (5, 9), got (2, 9)");
    Cell peeps = new LstmVariantCell(INPUTS, UNITS, LstmVariant.TF1.withPeepholes());
    assertThatThrownBy(() -> convert(Dialect.TF1, "igfo", peeps, 1))
        .hasMessage("TF1: the cell needs a weight_ci, and there are only []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Relu",
        "Tanh",
        "Sigmoid",
        "Softsign",
        "Softplus",
        "Affine",
        "LeakyRelu",
        "ThresholdedRelu",
        "ScaledTanh",
        "HardSigmoid",
        "Elu"
      })
  void activationsThereAndBack(String name) {
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    Activation activation =
        ActivationNames.onnx(name, List.of(3f).iterator(), List.of(4f).iterator());
    assertThat(ActivationNames.toOnnx(activation, alphas, betas)).isEqualTo(name);
    assertThat(ActivationNames.onnx(name, alphas.iterator(), betas.iterator()))
        .isEqualTo(activation);
  }

  @Test
  void activationsByName() {
    assertThat(ActivationNames.keras("hard_sigmoid", false)).isEqualTo(Activation.HARD_SIGMOID);
    assertThat(ActivationNames.keras("hard_sigmoid", true))
        .isEqualTo(Activation.HARD_SIGMOID_KERAS_3);
    Iterator<Float> alphas = List.of(0.5f, 2f).iterator();
    Iterator<Float> betas = List.of(3f).iterator();
    assertThat(ActivationNames.onnx("LeakyRelu", alphas, betas))
        .isEqualTo(Activation.leakyRelu(0.5f));
    assertThat(ActivationNames.onnx("ScaledTanh", alphas, betas))
        .isEqualTo(Activation.scaledTanh(2, 3));
    assertThat(ActivationNames.onnx("HardSigmoid", alphas, betas))
        .isEqualTo(Activation.HARD_SIGMOID);
    assertThatThrownBy(() -> ActivationNames.keras("gelu", true))
        .hasMessageStartingWith("unknown activation \"gelu\"; known are tanh, sigmoid,");
  }
}
