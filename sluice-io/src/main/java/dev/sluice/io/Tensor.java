package dev.sluice.io;

import java.util.List;

/**
 * A named array of floats with a shape, row-major: what {@link SafetensorsWriter} writes. It holds
 * {@code data} itself, not a copy, so equality is that of the array object. Not for arithmetic,
 * which is done on matrices.
 *
 * @param name such as {@code lstm.weight_ih_l0}
 * @param shape sizes from the slowest to the fastest dimension; empty for a single number
 * @param data as many values as the product of {@code shape}
 */
// The array is the point of this record: a copy, or a list, would double the memory of a model.
@SuppressWarnings("ArrayRecordComponent")
public record Tensor(String name, List<Integer> shape, float[] data) {

  /**
   * Checks that the shape accounts for every value.
   *
   * @throws IllegalArgumentException when it does not
   */
  public Tensor {
    shape = List.copyOf(shape);
    if (elements(shape) != data.length) {
      throw new IllegalArgumentException(
          "%s: shape %s does not hold %d values".formatted(name, shape, data.length));
    }
  }

  /**
   * The number of elements of a tensor of this shape.
   *
   * @throws ArithmeticException beyond the range of a long
   */
  static long elements(List<Integer> shape) {
    long elements = 1;
    for (int size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }
}
