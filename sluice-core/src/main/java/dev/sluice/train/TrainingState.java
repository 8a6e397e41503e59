package dev.sluice.train;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * All that a run is between two steps: numbers, and arrays by name. A {@link Trainer} with the same
 * objective, settings and optimizer that is given it goes on to the same bits. Random numbers need no
 * state: they are functions of the seed and of where the run is.
 *
 * @param position where the run is
 * @param epochs the completed ones
 * @param finished whether there is nothing left to do
 * @param arrays {@code weights}; {@code best}, those of the best epoch, once there is one; the
 *     optimizer's moments as {@code optimizer.NAME}; what the objective carries as {@code carried.NAME}
 */
public record TrainingState(
    Position position,
    List<Trainer.Epoch> epochs,
    boolean finished,
    SequencedMap<String, float[]> arrays) {
  static final String WEIGHTS = "weights";
  static final String BEST = "best";
  static final String OPTIMIZER = "optimizer.";
  static final String CARRIED = "carried.";

  /**
   * Where a run is.
   *
   * @param epoch the one it is in, counted from 0
   * @param batch batches of it that are done
   * @param batches all batches that are done
   * @param steps optimizer steps that are done
   * @param sequences of this epoch that are done
   * @param lossSum over the batches of this epoch that are done
   * @param seconds this epoch has taken
   */
  public record Position(
      int epoch,
      int batch,
      long batches,
      long steps,
      long sequences,
      double lossSum,
      double seconds) {
    /** Where a run begins. */
    public static final Position START = new Position(0, 0, 0, 0, 0, 0, 0);

    Position nextEpoch() {
      return new Position(epoch + 1, 0, batches, steps, 0, 0, 0);
    }
  }

  /** The arrays whose names begin with {@code prefix}, by what comes after it. */
  Map<String, float[]> arrays(String prefix) {
    return arrays.entrySet().stream()
        .filter(array -> array.getKey().startsWith(prefix))
        .collect(
            Collectors.toMap(
                array -> array.getKey().substring(prefix.length()), Map.Entry::getValue));
  }

  /** Whether no weight has become infinite or not a number: only then is it worth to be kept. */
  public boolean isFinite() {
    for (float weight : weights()) {
      if (!Float.isFinite(weight)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The weights.
   *
   * @throws IllegalArgumentException when there are none
   */
  float[] weights() {
    float[] weights = arrays.get(WEIGHTS);
    if (weights == null) {
      throw new IllegalArgumentException("a training state without weights");
    }
    return weights;
  }
}
