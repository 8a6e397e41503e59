package dev.sluice.model;

/** How probable it is that a normal number is so large: the survival function, good far into the tail. */
final class NormalTail {
  private static final int TERMS = 60;

  private NormalTail() {}

  /**
   * log₁₀ of the probability that a number of mean 0 and deviation 1 is above {@code z}. Above 2 the
   * probability is the density times Laplace's continued fraction, 1 / (z + 1 / (z + 2 / (z + 3 / ...))); below,
   * it comes from the series of Abramowitz and Stegun 1964, 26.2.10.
   */
  static double log10(double z) {
    double logDensity = -z * z / 2 - StrictMath.log(2 * Math.PI) / 2;
    if (z > 2) {
      double fraction = z;
      for (int k = TERMS; k >= 1; k--) {
        fraction = z + k / fraction;
      }
      return (logDensity - StrictMath.log(fraction)) / StrictMath.log(10);
    }
    if (z < -6) {
      return 0;
    }
    double term = z;
    double sum = z;
    for (int k = 1; k <= TERMS; k++) {
      term *= -z * z / (2.0 * k);
      sum += term / (2 * k + 1);
    }
    return StrictMath.log10(0.5 - sum / StrictMath.sqrt(2 * Math.PI));
  }
}
