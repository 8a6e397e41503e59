package dev.sluice.golden;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Holds tensors that Sluice computed against those that another framework computed.
 *
 * <p>Sluice computes in float32, and an element may be off by
 *
 * <pre>
 *   1e-5 · (largest element of the expected tensor) + 2⁻²⁴
 * </pre>
 *
 * <p>The first term is rounding: an element is a sum of terms of about the size of the largest. The
 * second, half an ulp of 1, counts only for gradients that nearly vanish: a gate that is nearly
 * open is known no better, and so is the 1 - σ in its gradient. (At σ(16) that is 6 percent off in
 * float32; PyTorch's gradients in float32 differ as much from those in float64.)
 */
final class GoldenComparison {
  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 0x1p-24;

  private GoldenComparison() {}

  /** A line for each expected tensor that is missing, has another shape, or a wrong element. */
  static List<String> mismatches(
      Map<String, GoldenTensor> actual, Map<String, GoldenTensor> expected) {
    return mismatches(actual, expected, 0);
  }

  /**
   * The same for figures that were published with fewer digits.
   *
   * @param published by how much an expected element may be off itself, added to the bound
   */
  static List<String> mismatches(
      Map<String, GoldenTensor> actual, Map<String, GoldenTensor> expected, double published) {
    return expected.entrySet().stream()
        .map(e -> mismatch(e.getKey(), actual, e.getValue(), published))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static String mismatch(
      String name, Map<String, GoldenTensor> actual, GoldenTensor expected, double published) {
    GoldenTensor got = actual.get(name);
    if (got == null) {
      return "%s: expected %s, got only %s".formatted(name, expected.shape(), actual.keySet());
    }
    if (!got.shape().equals(expected.shape())) {
      return "%s: expected shape %s, got %s".formatted(name, expected.shape(), got.shape());
    }
    double largest = Arrays.stream(expected.values()).map(Math::abs).max().orElse(0);
    double bound = RELATIVE * largest + ABSOLUTE + published;
    int wrong = 0;
    int worst = 0;
    for (int i = 0; i < got.values().length; i++) {
      double error = error(got, expected, i);
      wrong += error <= bound ? 0 : 1;
      worst = error > error(got, expected, worst) ? i : worst;
    }
    return wrong == 0
        ? ""
        : "%s%s: expected %s, got %s; %d of %d elements are off by more than %.2g"
            .formatted(
                name,
                expected.indices(worst),
                expected.values()[worst],
                got.values()[worst],
                wrong,
                got.values().length,
                bound);
  }

  /** Infinite where either is not a number: such an element is never right. */
  private static double error(GoldenTensor got, GoldenTensor expected, int i) {
    double error = Math.abs(got.values()[i] - expected.values()[i]);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
