package dev.sluice.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
  private static final int CHUNK_BYTES = 1 << 16;

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
  public static long elements(List<Integer> shape) {
    long elements = 1;
    for (int size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }

  /** For each dimension of a row-major tensor of this shape how many values apart neighbours are. */
  public static long[] rowMajorStrides(List<Integer> shape) {
    long[] strides = new long[shape.size()];
    long stride = 1;
    for (int d = strides.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, shape.get(d));
    }
    return strides;
  }

  /**
   * Requires that the tensors of one file can be told apart.
   *
   * @throws IllegalArgumentException when two share a name
   */
  public static void requireDistinctNames(List<Tensor> tensors) {
    Set<String> taken = new HashSet<>();
    for (Tensor tensor : tensors) {
      if (!taken.add(tensor.name)) {
        throw new IllegalArgumentException(
            "the tensor name %s is taken; names must differ".formatted(tensor.name));
      }
    }
  }

  /** Writes the values as they stand in files: F32, little-endian, row-major. */
  public void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int floats = CHUNK_BYTES / Float.BYTES;
    for (int from = 0; from < data.length; from += floats) {
      int count = Math.min(floats, data.length - from);
      chunk.clear().limit(count * Float.BYTES);
      chunk.asFloatBuffer().put(data, from, count);
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
  }
}
