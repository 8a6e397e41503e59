package dev.sluice.parameter;

/**
 * A parameter that a layer asks for: its name, its shape in memory, and how it starts.
 *
 * <p>Names and file shapes are PyTorch's, so that a state dict of either side loads into the other.
 * In memory every weight is input-major, {@code (in, out)}, because a step computes {@code x · W}.
 *
 * @param name PyTorch's name, such as {@code lstm.weight_ih_l0}
 * @param kind what it is, and with it the shape it has in a file
 * @param rows rows in memory
 * @param cols columns in memory
 * @param initializer fills it before training
 */
public record ParameterSpec(String name, Kind kind, int rows, int cols, Initializer initializer) {
  /** What a parameter is. */
  public enum Kind {
    /** A matrix that inputs are multiplied with: (in, out) in memory, [out, in] in files. */
    WEIGHT,
    /** One number for each output: (1, n) in memory, [n] in files. */
    BIAS,
    /** A row for each of several things, such as embeddings: (n, width) in memory and in files. */
    TABLE
  }

  /** A weight matrix for {@code in} inputs and {@code out} outputs. */
  public static ParameterSpec weight(String name, int in, int out, Initializer initializer) {
    return new ParameterSpec(name, Kind.WEIGHT, in, out, initializer);
  }

  /** A bias of {@code n} numbers. */
  public static ParameterSpec bias(String name, int n, Initializer initializer) {
    return new ParameterSpec(name, Kind.BIAS, 1, n, initializer);
  }

  /** A table of {@code rows} rows. */
  public static ParameterSpec table(String name, int rows, int width, Initializer initializer) {
    return new ParameterSpec(name, Kind.TABLE, rows, width, initializer);
  }

  /** The shape this parameter has in a file, slowest dimension first. */
  public int[] fileShape() {
    return switch (kind) {
      case WEIGHT -> new int[] {cols, rows};
      case BIAS -> new int[] {cols};
      case TABLE -> new int[] {rows, cols};
    };
  }
}
