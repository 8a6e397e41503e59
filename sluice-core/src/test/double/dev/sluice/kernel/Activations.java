package dev.sluice.kernel;

/** Stands in for the polynomials when the library is compiled in double precision. */
public final class Activations {
  private Activations() {}

  public static double exp(double x) {
    return StrictMath.exp(x);
  }

  public static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  public static double tanh(double x) {
    return StrictMath.tanh(x);
  }
}
