package dev.sluice.kernel;

/**
 * eˣ, σ and tanh for one float: the specification that every provider of {@link Kernels} follows
 * operation by operation.
 *
 * <p>Made of IEEE operations only (+, -, ·, /, fused multiply-add, comparison, and integer
 * operations on the bits), each of which has one right answer, so the result is the same on every
 * machine, in a vector lane or alone, interpreted or compiled. {@link Math#exp} and {@link
 * Math#tanh} promise no such thing. Only this class and the vector provider know how a float is
 * laid out in bits.
 *
 * <p>All three write x = k·ln2 + r with |r| ≤ ln2 / 2, so that eˣ = 2ᵏ + 2ᵏ·(eʳ - 1), and take a
 * minimax polynomial for eʳ - 1 = r + r²·q(r). The bounds in units in the last place were measured
 * against {@link StrictMath} on every 997th float.
 */
public final class Activations {
  static final float LOG2_E = 0x1.715476p+0f;

  /** ln2 in two parts; the first has 15 bits, so that k times it is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /**
   * q(r) = (eʳ - 1 - r) / r², from the constant up: degree 4, found by Remez exchange, error below
   * 1.5e-8 / |r|.
   */
  static final float Q0 = 0.5f;

  static final float Q1 = 0x1.5554b2p-3f;
  static final float Q2 = 0x1.55548ap-5f;
  static final float Q3 = 0x1.122682p-7f;
  static final float Q4 = 0x1.6d96c0p-10f;

  /**
   * Adding it rounds to an integer k and leaves k + 127, the biased exponent of 2ᵏ, in the lowest
   * bits of the sum: 1.5·2²³ has a unit in the last place of 1.
   */
  static final float ROUND = 0x1.8p23f + 127;

  static final int EXPONENT_SHIFT = 23;
  static final int EXPONENT_BIAS = 127;

  /** Beyond these, eˣ is 0 or infinite in float. */
  static final float EXP_MIN = -104;

  static final float EXP_MAX = 89;

  /** Up to here e⁻ˣ and its reciprocal are normal numbers. */
  static final float SIGMOID_MAX = 87;

  /** From 9.01 on tanh rounds to 1. */
  static final float TANH_MAX = 10;

  private Activations() {}

  /**
   * eˣ, within 1.1 ulp, subnormal results included; 0 below -104, +∞ above 88.73; NaN stays NaN.
   */
  public static float exp(float x) {
    float clamped = clamp(x, EXP_MIN, EXP_MAX);
    float sum = Math.fma(clamped, LOG2_E, ROUND);
    float p = expm1OfRemainder(clamped, sum - ROUND);
    // 2ᵏ in two factors: k goes from -150 to 128, further than the exponent of a float.
    int k = Float.floatToRawIntBits(sum) - Float.floatToRawIntBits(ROUND);
    int half = k >> 1;
    float scale = power(half);
    return Math.fma(scale, p, scale) * power(k - half);
  }

  /**
   * σ(x) = 1 / (1 + e⁻ˣ), within 2.5 ulp in [-87, ∞). Below -87 it stays at σ(-87) = 1.6e-38, for x
   * = -∞ too; NaN stays NaN.
   */
  public static float sigmoid(float x) {
    float minus = clamp(-x, -SIGMOID_MAX, SIGMOID_MAX);
    float sum = Math.fma(minus, LOG2_E, ROUND);
    float p = expm1OfRemainder(minus, sum - ROUND);
    float scale = Float.intBitsToFloat(Float.floatToRawIntBits(sum) << EXPONENT_SHIFT);
    return 1 / (1 + Math.fma(scale, p, scale));
  }

  /**
   * tanh(x) = (e²ˣ - 1) / (e²ˣ - 1 + 2), within 2.5 ulp, down to the smallest x. tanh(-x) =
   * -tanh(x) bit for bit, tanh(±0) = ±0, tanh(±∞) = ±1; NaN stays NaN.
   */
  public static float tanh(float x) {
    float twice = 2 * clamp(Math.abs(x), 0, TANH_MAX);
    float sum = Math.fma(twice, LOG2_E, ROUND);
    float p = expm1OfRemainder(twice, sum - ROUND);
    float scale = Float.intBitsToFloat(Float.floatToRawIntBits(sum) << EXPONENT_SHIFT);
    float expm1 = Math.fma(scale, p, scale - 1);
    return Math.copySign(expm1 / (expm1 + 2), x);
  }

  /** Not by {@link Math#min}: twice as fast where the JIT finds no vector form. NaN stays NaN. */
  private static float clamp(float x, float low, float high) {
    return x > high ? high : x < low ? low : x;
  }

  /** eʳ - 1 for r = x - k·ln2. */
  private static float expm1OfRemainder(float x, float k) {
    float r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
    float q = Math.fma(Math.fma(Math.fma(Math.fma(Q4, r, Q3), r, Q2), r, Q1), r, Q0);
    return Math.fma(r * r, q, r);
  }

  /** 2ᵏ for -126 ≤ k ≤ 127. */
  private static float power(int k) {
    return Float.intBitsToFloat((k + EXPONENT_BIAS) << EXPONENT_SHIFT);
  }
}
