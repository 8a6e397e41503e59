package dev.sluice.data;

import dev.sluice.matrix.Matrix;
import java.util.Arrays;
import java.util.List;

/**
 * Brings each channel to mean 0 and standard deviation 1, (x - mean) / deviation, as scikit-learn's {@code
 * StandardScaler}: learned from training data alone, it is the same for all data that follow. Immutable.
 */
public final class StandardScaler {
  private final float[] mean; // (C)
  private final float[] deviation; // (C)

  private StandardScaler(float[] mean, float[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * A scaler that was learned before.
   *
   * @param mean of each channel
   * @param deviation of each channel, above 0
   * @throws IllegalArgumentException when there are not as many of the one as of the other, or they are
   *     no such numbers
   */
  public static StandardScaler of(float[] mean, float[] deviation) {
    if (mean.length != deviation.length || mean.length == 0) {
      throw new IllegalArgumentException(
          "a scaler needs a mean and a deviation for each channel, got %d and %d"
              .formatted(mean.length, deviation.length));
    }
    for (int c = 0; c < mean.length; c++) {
      if (!Float.isFinite(mean[c]) || !(deviation[c] > 0) || !Float.isFinite(deviation[c])) {
        throw new IllegalArgumentException(
            "channel %d: a mean of %s and a deviation of %s cannot scale"
                .formatted(c, mean[c], deviation[c]));
      }
    }
    return new StandardScaler(mean.clone(), deviation.clone());
  }

  /** Leaves the values of {@code channels} channels as they are. */
  public static StandardScaler identity(int channels) {
    float[] deviation = new float[channels];
    Arrays.fill(deviation, 1);
    return of(new float[channels], deviation);
  }

  /** Learns from all steps of some sequences, (T, C) each; a channel that never changes is only shifted. */
  public static StandardScaler learn(List<Matrix> sequences) {
    int channels = sequences.getFirst().cols;
    float[] mean = new float[channels];
    float[] deviation = new float[channels];
    for (int c = 0; c < channels; c++) {
      double steps = 0;
      double sum = 0;
      for (Matrix sequence : sequences) {
        for (int t = 0; t < sequence.rows; t++) {
          sum += sequence.get(t, c);
        }
        steps += sequence.rows;
      }
      double squares = 0;
      for (Matrix sequence : sequences) {
        for (int t = 0; t < sequence.rows; t++) {
          double difference = sequence.get(t, c) - sum / steps;
          squares += difference * difference;
        }
      }
      mean[c] = (float) (sum / steps);
      float found = (float) StrictMath.sqrt(squares / steps);
      deviation[c] = found > 0 ? found : 1;
    }
    return of(mean, deviation);
  }

  /** How many channels there are, C. */
  public int channels() {
    return mean.length;
  }

  /** The mean of each channel. */
  public List<Float> mean() {
    return listOf(mean);
  }

  /** The standard deviation of each channel; 1 for one that never changes. */
  public List<Float> deviation() {
    return listOf(deviation);
  }

  /** A scaled copy of {@code steps}, (T, C). */
  public Matrix scale(Matrix steps) {
    Matrix.requireShape("steps to be scaled", steps, steps.rows, channels());
    Matrix scaled = Matrix.zeros(steps.rows, steps.cols);
    for (int t = 0; t < steps.rows; t++) {
      for (int c = 0; c < steps.cols; c++) {
        scaled.set(t, c, (steps.get(t, c) - mean[c]) / deviation[c]);
      }
    }
    return scaled;
  }

  private static List<Float> listOf(float[] values) {
    Float[] boxed = new Float[values.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = values[i];
    }
    return List.of(boxed);
  }
}
