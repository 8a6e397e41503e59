package dev.sluice.matrix;

/**
 * Seeded random numbers without a state: the number at an index is a hash of key and index.
 *
 * <p>A key is folded for each use ({@code key.fold("dropout").fold(step)}), so numbers never depend on
 * the order of drawing, on threads or on what else was drawn, and a resumed run needs no saved
 * generator. After the splittable keys of JAX; the hash is the finaliser of SplitMix64 (Steele, Lea
 * and Flood 2014), applied twice.
 */
public record RandomKey(long value) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** The key for a user's seed. */
  public static RandomKey of(long seed) {
    return new RandomKey(mix(seed + GOLDEN_GAMMA));
  }

  /** An independent key for the {@code data}-th part of this one. */
  public RandomKey fold(long data) {
    return new RandomKey(mix(mix(value ^ GOLDEN_GAMMA) + data * GOLDEN_GAMMA));
  }

  /** An independent key for the part of that name. */
  public RandomKey fold(String name) {
    RandomKey key = fold(name.length());
    for (int i = 0; i < name.length(); i++) {
      key = key.fold(name.charAt(i));
    }
    return key;
  }

  /** 64 random bits. */
  public long bits(long index) {
    return mix(value + (index + 1) * GOLDEN_GAMMA);
  }

  /** Uniform in [0, 1), a multiple of 2⁻²⁴. */
  public float uniform(long index) {
    return (bits(index) >>> 40) * 0x1p-24f;
  }

  /**
   * y[at + i] = 1 where {@link #uniform}(index + i) is below p, else 0, for {@code length} floats. Without a branch, which would be
   * guessed wrong as often as right.
   */
  public void bernoulli(float p, long index, float[] y, int at, int length) {
    long limit = (long) Math.ceil(p * 0x1p24);
    for (int i = 0; i < length; i++) {
      y[at + i] = (int) (((bits(index + i) >>> 40) - limit) >>> 63);
    }
  }

  /** Normal with mean 0 and variance 1 (Box and Muller 1958), from the uniform numbers 2·index and 2·index + 1. */
  public double normal(long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * index + 1));
  }

  /** Uniform in 0 to {@code bound} - 1. */
  public int below(int bound, long index) {
    return (int) Math.unsignedMultiplyHigh(bits(index), bound);
  }

  /** The numbers 0 to {@code n} - 1 in random order (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i + 1, i);
      p[i] = p[j];
      p[j] = i;
    }
    return p;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
