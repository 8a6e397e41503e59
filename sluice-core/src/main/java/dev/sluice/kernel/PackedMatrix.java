package dev.sluice.kernel;

/**
 * A right operand (K, N) in the layout of the {@link Kernels} that packed it, and only for those.
 */
public interface PackedMatrix {
  /** K. */
  int rows();

  /** N. */
  int cols();
}
