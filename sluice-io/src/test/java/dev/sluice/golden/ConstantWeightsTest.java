package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.LstmCell;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The example by which LSTMs written by hand are held against PyTorch: {@code nn.LSTM(10, 20)},
 * every parameter 0.5, one step from x = h0 = c0 = 1.
 */
class ConstantWeightsTest {
  static final List<GoldenRun.Way> WAYS = GoldenRun.Way.ALL;

  private static final GoldenCase EXAMPLE =
      new GoldenCase(
          "constant weights",
          List.of(new LstmCell(10, 20)),
          false,
          Map.of(
              "weight_ih_l0", filled(0.5, 80, 10),
              "weight_hh_l0", filled(0.5, 80, 20),
              "bias_ih_l0", filled(0.5, 80),
              "bias_hh_l0", filled(0.5, 80)),
          filled(1, 1, 1, 10),
          GoldenCase.Edge.ofLengths(1, List.of(1)),
          List.of(List.of(filled(1, 1, 20), filled(1, 1, 20))),
          Map.of(),
          Map.of(),
          0);

  /**
   * PyTorch's floats to the bit, 0.964027464389801 and 1.999999761581421, and so what it prints.
   */
  @ParameterizedTest
  @FieldSource("WAYS")
  void givesWhatPyTorchGives(GoldenRun.Way way) {
    Map<String, GoldenTensor> results = GoldenRun.results(EXAMPLE, way);
    assertAll(results, "output", 0.96402746f, "0.9640");
    assertAll(results, "state 0.0", 0.96402746f, "0.9640");
    assertAll(results, "state 0.1", 1.9999998f, "2.0000");
  }

  private static void assertAll(
      Map<String, GoldenTensor> results, String name, float expected, String printed) {
    double[] values = Objects.requireNonNull(results.get(name)).values();
    assertThat(values).as(name).hasSize(20).containsOnly(expected);
    assertThat(String.format(Locale.ROOT, "%.4f", values[0])).as(name).isEqualTo(printed);
  }

  private static GoldenTensor filled(double value, Integer... shape) {
    GoldenTensor tensor = GoldenTensor.zeros(List.of(shape));
    Arrays.fill(tensor.values(), value);
    return tensor;
  }
}
