package dev.sluice.io.exchange;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One tensor that was computed beside the recorded one.
 *
 * @param name of the tensor
 * @param expected shape of the recorded tensor
 * @param found shape of the computed one; when it differs, nothing else is known
 * @param absolute the largest |found - expected|
 * @param absoluteAt the index where that is
 * @param relative the largest |found - expected| / |expected|, where expected is not 0
 * @param relativeAt the index where that is
 * @param scaled the largest |found - expected| / (1 + |expected|)
 */
public record Comparison(
    String name,
    List<Integer> expected,
    List<Integer> found,
    double absolute,
    List<Integer> absoluteAt,
    double relative,
    List<Integer> relativeAt,
    double scaled) {
  /** Compares {@code computed} with what was recorded. */
  static Comparison of(StoredTensor expected, Tensor computed) {
    List<Integer> found = computed.shape();
    float[] values = computed.data();
    if (!expected.shape().equals(found)) {
      return new Comparison(
          expected.name(),
          expected.shape(),
          found,
          Double.NaN,
          List.of(),
          Double.NaN,
          List.of(),
          Double.NaN);
    }
    double[] recorded = expected.doubles();
    double absolute = 0;
    double relative = 0;
    double scaled = 0;
    int absoluteAt = 0;
    int relativeAt = 0;
    for (int i = 0; i < recorded.length; i++) {
      double error = error(values[i], recorded[i]);
      double magnitude = Math.abs(recorded[i]);
      if (error > absolute) {
        absolute = error;
        absoluteAt = i;
      }
      if (magnitude > 0 && error / magnitude > relative) {
        relative = error / magnitude;
        relativeAt = i;
      }
      scaled = Math.max(scaled, error == 0 ? 0 : error / (1 + magnitude));
    }
    return new Comparison(
        expected.name(),
        found,
        found,
        absolute,
        index(absoluteAt, found),
        relative,
        index(relativeAt, found),
        scaled);
  }

  /** Whether every element is within {@code tolerance}·(1 + |expected|), and the shapes are equal. */
  public boolean within(double tolerance) {
    return sameShape() && scaled <= tolerance;
  }

  /** Whether the tensors could be compared. */
  public boolean sameShape() {
    return expected.equals(found);
  }

  /** The likely cause of another shape of an output, and what to do. */
  public Optional<String> advice() {
    if (sameShape() || !name.equals(FileRun.OUTPUT) || expected.isEmpty()) {
      return Optional.empty();
    }
    if (!expected.getLast().equals(found.getLast())) {
      return Optional.of(
          "%s has %d features in the recording and %d in the model; is the model a part of what was"
                  .formatted(name, expected.getLast(), found.getLast())
              + " recorded? sluice info tells its layers");
    }
    if (expected.size() < found.size()) {
      return Optional.of(
          "each sequence was recorded as one vector, and the model gives one for each step; if it"
              + " was imported as weights alone, say --output last-step or --output final-state"
              + " there");
    }
    if (expected.size() > found.size()) {
      return Optional.of(
          "every step was recorded, and the model gives one vector for each sequence; if it was"
              + " imported as weights alone, say --output steps there");
    }
    return Optional.empty();
  }

  /** What is no number differs from every number, and equals what is none either. */
  private static double error(float found, double expected) {
    if ((Double.isNaN(found) && Double.isNaN(expected)) || found == expected) {
      return 0;
    }
    double error = Math.abs(found - expected);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private static List<Integer> index(int flat, List<Integer> shape) {
    long[] strides = Tensor.rowMajorStrides(shape);
    List<Integer> index = new ArrayList<>();
    long rest = flat;
    for (long stride : strides) {
      index.add((int) (rest / stride));
      rest %= stride;
    }
    return index;
  }
}
