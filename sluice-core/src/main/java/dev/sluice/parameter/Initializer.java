package dev.sluice.parameter;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.StandardInitializer.Kind;

/**
 * Fills a parameter with its first values. {@code m} is in memory order: (in, out) for a weight, so a
 * weight has as many inputs (fan-in) as rows and as many outputs (fan-out) as columns, all gates
 * together, as in Keras. A bias, (1, n), counts as a weight with one input.
 *
 * <p>Which parameter gets which is said by {@link Parameters#initialize(RandomKey, String,
 * Initializer)}; a name from a file becomes one by {@link #named}.
 */
@FunctionalInterface
public interface Initializer {
  void fill(Matrix m, RandomKey key);

  /**
   * The initializer that PyTorch, Keras or TF1 calls {@code name}, with its number in parentheses
   * where it takes one: {@code glorot_uniform}, {@code xavier_uniform_}, {@code Orthogonal}, {@code
   * uniform(0.05)}.
   *
   * @throws IllegalArgumentException when none is called so; the message lists those there are
   */
  static Initializer named(String name) {
    return InitializerNames.parse(name);
  }

  /** Every element {@code value}. */
  static Initializer constant(float value) {
    return new StandardInitializer(Kind.CONSTANT, value);
  }

  /** Every element 0. */
  static Initializer zeros() {
    return constant(0);
  }

  /** Every element 1. */
  static Initializer ones() {
    return constant(1);
  }

  /** Uniform in [-limit, limit). PyTorch's recurrent layers take 1/√H, its dense layers 1/√in. */
  static Initializer uniform(float limit) {
    requireScale("the limit of a uniform distribution", limit);
    return new StandardInitializer(Kind.UNIFORM, limit);
  }

  /** Normal with mean 0. PyTorch's embeddings take a deviation of 1. */
  static Initializer normal(float deviation) {
    requireScale("a standard deviation", deviation);
    return new StandardInitializer(Kind.NORMAL, deviation);
  }

  /** Uniform in ±√(6 / (in + out)) (Glorot and Bengio 2010): Keras's default for input weights. */
  static Initializer glorotUniform() {
    return new StandardInitializer(Kind.GLOROT_UNIFORM, 0);
  }

  /**
   * Normal with variance 2 / (in + out) (Glorot and Bengio 2010), as PyTorch's {@code xavier_normal_}.
   * Keras's has the same variance but no element beyond 2.3 deviations.
   */
  static Initializer glorotNormal() {
    return new StandardInitializer(Kind.GLOROT_NORMAL, 0);
  }

  /**
   * Perpendicular columns of length {@code gain}, or rows where they are fewer (Saxe et al. 2014):
   * Keras's default for recurrent weights, with a gain of 1. The whole weight is one matrix, all gates
   * together.
   */
  static Initializer orthogonal(float gain) {
    requireScale("the gain of an orthogonal matrix", gain);
    return new StandardInitializer(Kind.ORTHOGONAL, gain);
  }

  /** Uniform in ±factor·√(3 / in): keeps the variance of the input. TF1's {@code uniform_unit_scaling_initializer}. */
  static Initializer uniformUnitScaling(float factor) {
    requireScale("the factor of uniform unit scaling", factor);
    return new StandardInitializer(Kind.UNIFORM_UNIT_SCALING, factor);
  }

  /**
   * Zeros, but 1 for the forget gate, the second of four (Jozefowicz et al. 2015): Keras's {@code
   * unit_forget_bias}. For a bias of an LSTM, (1, 4H); an LSTM has two here, so the other gets zeros.
   */
  static Initializer unitForgetBias() {
    return new StandardInitializer(Kind.UNIT_FORGET_BIAS, 0);
  }

  private static void requireScale(String what, float value) {
    if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be a number of at least 0, got " + value);
    }
  }
}
