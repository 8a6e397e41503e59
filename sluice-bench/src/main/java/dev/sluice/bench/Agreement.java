package dev.sluice.bench;

import dev.sluice.cli.bench.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a peer computes what Sluice computes: the results of the first runs are compared, so streams have carried their
 * state and training has changed the weights.
 *
 * @param error the largest difference, relative to the largest number
 * @param holds whether that is within the engine's tolerance
 */
record Agreement(double error, boolean holds) {
  private static final int RUNS = 4;

  /** The results of the first runs. */
  static List<float[]> firstResults(Task task) {
    List<float[]> results = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      task.run();
      results.add(task.result());
    }
    return results;
  }

  static Agreement between(List<float[]> sluice, List<float[]> peer, double tolerance) {
    double error = error(sluice, peer);
    return new Agreement(error, error <= tolerance);
  }

  private static double error(List<float[]> expected, List<float[]> actual) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      float[] a = expected.get(i);
      float[] b = actual.get(i);
      if (a.length != b.length) {
        return Double.POSITIVE_INFINITY;
      }
      for (int j = 0; j < a.length; j++) {
        difference = Math.max(difference, Math.abs((double) a[j] - b[j]));
        largest = Math.max(largest, Math.abs(a[j]));
      }
    }
    return difference / largest;
  }
}
