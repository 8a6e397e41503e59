package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A case in the form that most sets share, whatever their files look like: recurrent layers over a padded
 * batch. Readers turn gate orders, orientations, names and batch-major layouts into those of PyTorch,
 * time-major, with a batch axis.
 *
 * <p>T steps, B sequences, I inputs. Cells are in the order of {@link dev.sluice.layer.Recurrent}; {@code
 * K.P} in a name is part P of the state of cell K.
 *
 * @param name unique in its set
 * @param cells one for each layer and direction
 * @param bidirectional whether there are two directions
 * @param weights by PyTorch's names, in PyTorch's shapes
 * @param input [T, B, I]
 * @param edge what is done with the batch before and after
 * @param initial for each cell the parts of its state, each [B, size]; empty: zeros
 * @param upstream gradients that reach {@code output} and {@code state K.P}; empty: the case has no
 *     gradients
 * @param expected {@code output} [T, B, features], {@code last} [B, features], with {@code forward} or
 *     {@code backward} after either of them that of one direction, {@code output at T} [B, features];
 *     {@code state K.P} [B, size], {@code state} all of them in one matrix as TF1 joins them, of one
 *     sequence; {@code grad.NAME}, the gradient of a weight, {@code input} or {@code
 *     initial K.P}; what is not there is not compared
 * @param error by how much the expected figures are themselves known to be off
 */
record GoldenCase(
    String name,
    List<Cell> cells,
    boolean bidirectional,
    Map<String, GoldenTensor> weights,
    GoldenTensor input,
    Edge edge,
    List<List<GoldenTensor>> initial,
    Map<String, GoldenTensor> upstream,
    Map<String, GoldenTensor> expected,
    double error)
    implements Golden {
  /**
   * What is done with the batch before and after.
   *
   * @param batch which steps are real, time-major; maybe reversed
   * @param fill of outputs at steps that are not
   * @param flipped whether outputs are in the order of reading though the batch is reversed
   * @param merge of the outputs of two directions
   * @param calls how many times it runs, each from the state where the last ended
   */
  record Edge(PaddedBatch batch, Fill fill, boolean flipped, MergeMode merge, int calls) {
    /** All sequences are real from the first step to their length. */
    static Edge ofLengths(int steps, List<Integer> lengths) {
      boolean[][] mask = PaddedBatch.mask(steps, lengths.stream().mapToInt(n -> n).toArray());
      return new Edge(PaddedBatch.timeMajor(mask), Fill.ZERO, false, MergeMode.CONCAT, 1);
    }
  }

  static String state(int cell, int part) {
    return "state %d.%d".formatted(cell, part);
  }

  /** With each weight replaced by {@code change} of its name and value. */
  GoldenCase withWeights(BiFunction<String, GoldenTensor, GoldenTensor> change) {
    Map<String, GoldenTensor> changed = new LinkedHashMap<>(weights);
    changed.replaceAll(change);
    return new GoldenCase(
        name, cells, bidirectional, changed, input, edge, initial, upstream, expected, error);
  }

  /** Without gradients. */
  GoldenCase forwardOnly() {
    Map<String, GoldenTensor> values = new LinkedHashMap<>(expected);
    values.keySet().removeIf(n -> n.startsWith("grad."));
    return new GoldenCase(
        name, cells, bidirectional, weights, input, edge, initial, Map.of(), values, error);
  }

  @Override
  public Optional<String> outOfScope() {
    return Optional.empty();
  }

  @Override
  public List<String> mismatches(GoldenRun.Way way) {
    return GoldenComparison.mismatches(GoldenRun.results(this, way), expected, error);
  }

  @Override
  public String toString() {
    return name;
  }
}
