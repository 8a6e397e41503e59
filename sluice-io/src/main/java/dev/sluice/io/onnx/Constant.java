package dev.sluice.io.onnx;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.Tensor;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;

/**
 * Numbers with a shape that are known before a model runs: an initializer, or what {@link Folding} makes of
 * some. Floating-point numbers of any type are floats here; whole numbers of any type, and truth values, are
 * longs. Arrays are shared and must not be written.
 */
final class Constant {
  /** Many nodes may read the same list, so it must not be long. */
  private static final int MAX_LIST = 256;

  /** Where numbers come from; those of a file are read when they are first asked for. */
  private static final class Numbers {
    private final boolean real;
    private float[] floats;
    private long[] longs;
    private List<StoredTensor> unread; // one or none
    private int zeros; // at the beginning, as far as was looked

    Numbers(boolean real, float[] floats, long[] longs, List<StoredTensor> unread) {
      this.real = real;
      this.floats = floats;
      this.longs = longs;
      this.unread = unread;
    }

    void read() {
      for (StoredTensor tensor : unread) {
        if (real) {
          floats = tensor.floats();
        } else {
          longs = tensor.longs();
        }
      }
      unread = List.of();
    }

    /** Counted once, because many nodes may ask. */
    boolean isZero() {
      while (zeros < floats.length && floats[zeros] == 0) {
        zeros++;
      }
      while (zeros < longs.length && longs[zeros] == 0) {
        zeros++;
      }
      return zeros == Math.max(floats.length, longs.length);
    }
  }

  private final List<Integer> shape;
  private final Numbers numbers;

  private Constant(List<Integer> shape, Numbers numbers) {
    this.shape = List.copyOf(shape);
    this.numbers = numbers;
  }

  static Constant of(List<Integer> shape, float... values) {
    return new Constant(shape, new Numbers(true, values, new long[0], List.of()));
  }

  static Constant of(List<Integer> shape, long... values) {
    return new Constant(shape, new Numbers(false, new float[0], values, List.of()));
  }

  static Constant of(StoredTensor tensor) {
    boolean real = tensor.type().isReal();
    return new Constant(
        tensor.shape(), new Numbers(real, new float[0], new long[0], List.of(tensor)));
  }

  /** Sizes, the slowest dimension first; empty for a single number. */
  List<Integer> shape() {
    return shape;
  }

  int rank() {
    return shape.size();
  }

  /** Number of elements. */
  int count() {
    return Math.toIntExact(Tensor.elements(shape));
  }

  /** Whether these are floating-point numbers. */
  boolean isReal() {
    return numbers.real;
  }

  /** Reads the numbers, if they are still in a file. */
  void read() {
    numbers.read();
  }

  float[] floats() {
    numbers.read();
    return numbers.floats;
  }

  long[] longs() {
    numbers.read();
    return numbers.longs;
  }

  /** Whole numbers of which there are few, such as axes and sizes. */
  List<Long> list() {
    if (isReal() || count() > MAX_LIST) {
      throw new IllegalArgumentException("%s are no list of sizes or axes".formatted(this));
    }
    return LongStream.of(longs()).boxed().toList();
  }

  boolean isZero() {
    numbers.read();
    return numbers.isZero();
  }

  /** The same numbers under another shape of as many. */
  Constant reshaped(List<Integer> other) {
    return new Constant(other, numbers);
  }

  /** The numbers at {@code places}, one for each element of {@code picked}. */
  Constant pick(List<Integer> picked, IntUnaryOperator places) {
    int count = Math.toIntExact(Tensor.elements(picked));
    if (isReal()) {
      float[] from = floats();
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = from[places.applyAsInt(i)];
      }
      return of(picked, values);
    }
    long[] from = longs();
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = from[places.applyAsInt(i)];
    }
    return of(picked, values);
  }

  @Override
  public String toString() {
    return (isReal() ? "floats " : "whole numbers ") + shape;
  }
}
