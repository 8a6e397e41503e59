package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden cases are sharp: weights that are read in a wrong way give other outputs. (Cases whose
 * weights are all equal would accept every gate order.)
 */
class GateOrderTest {
  private static final int GATES = 4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lstm_1layer",
        "lstm_wide",
        "lstm_2layer",
        "lstm_bidir",
        "lstm_nobias",
        "lstm_packed_2layer_bidir_unsorted",
        "lstm_cell"
      })
  void onlyOneGateOrderIsRight(String name) {
    GoldenCase golden = golden(name);
    List<List<Integer>> orders = permutations(GATES);
    assertThat(orders).hasSize(24);
    assertThat(orders)
        .filteredOn(order -> isRight(golden.withWeights((n, w) -> reorder(w, order))))
        .containsExactly(List.of(0, 1, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru_1layer", "gru_2layer_bidir", "gru_cell"})
  void onlyOneGateOrderOfAGruIsRight(String name) {
    GoldenCase golden = golden(name);
    List<List<Integer>> orders = permutations(3);
    assertThat(orders).hasSize(6);
    assertThat(orders)
        .filteredOn(order -> isRight(golden.withWeights((n, w) -> reorder(w, order))))
        .containsExactly(List.of(0, 1, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm_1layer", "lstm_wide", "lstm_bidir", "lstm_cell"})
  void transposedRecurrentWeightsAreWrong(String name) {
    GoldenCase golden = golden(name);
    assertThat(isRight(golden)).isTrue();
    assertThat(
            isRight(
                golden.withWeights((n, w) -> n.startsWith("weight_hh") ? transposeGates(w) : w)))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm_bidir", "lstm_2layer_bidir", "lstm_packed_bidir"})
  void exchangedDirectionsAreWrong(String name) {
    GoldenCase golden = golden(name);
    assertThat(isRight(golden)).isTrue();
    assertThat(
            isRight(
                golden.withWeights((n, w) -> golden.weights().getOrDefault(otherDirection(n), w))))
        .isFalse();
  }

  private static GoldenCase golden(String name) {
    Path file = GoldenSet.RESOURCES.resolve("torch").resolve(name + ".f32.safetensors");
    return TorchSafetensors.read(file).forwardOnly();
  }

  private static boolean isRight(GoldenCase golden) {
    return GoldenComparison.mismatches(
            GoldenRun.results(golden, GoldenRun.Way.ALL.getLast()), golden.expected())
        .isEmpty();
  }

  private static String otherDirection(String name) {
    return name.endsWith("_reverse") ? name.replace("_reverse", "") : name + "_reverse";
  }

  /** The gates of a weight, [G·H, *] or [G·H], in another order. */
  private static GoldenTensor reorder(GoldenTensor weight, List<Integer> order) {
    GoldenTensor gates = gates(weight, order.size());
    return GoldenTensor.stack(order.stream().map(gates::part).toList()).reshape(weight.shape());
  }

  /** Each gate of a recurrent weight, [4H, H], transposed. */
  private static GoldenTensor transposeGates(GoldenTensor weight) {
    GoldenTensor gates = gates(weight, GATES);
    return GoldenTensor.stack(
            IntStream.range(0, GATES).mapToObj(i -> gates.part(i).transpose()).toList())
        .reshape(weight.shape());
  }

  /** [G·H, *] as [G, H, *]. */
  private static GoldenTensor gates(GoldenTensor weight, int gates) {
    List<Integer> shape = new ArrayList<>(weight.shape());
    shape.set(0, weight.size(0) / gates);
    shape.addFirst(gates);
    return weight.reshape(shape);
  }

  private static List<List<Integer>> permutations(int n) {
    if (n == 0) {
      return List.of(List.of());
    }
    List<List<Integer>> permutations = new ArrayList<>();
    for (List<Integer> shorter : permutations(n - 1)) {
      for (int at = 0; at < n; at++) {
        List<Integer> longer = new ArrayList<>(shorter);
        longer.add(at, n - 1);
        permutations.add(longer);
      }
    }
    return permutations;
  }
}
