package dev.sluice.cell;

import dev.sluice.matrix.Packing;
import java.util.ArrayList;
import java.util.List;

/**
 * Some successive steps of a scan, whose sums are small enough to stay in the cache between the product of the inputs and
 * the gates.
 *
 * @param from the first step, counted in reading order
 * @param to after the last one
 * @param first where the rows of the steps begin, all sequences together
 * @param end where they end
 */
record Chunk(int from, int to, int first, int end) {
  int rows() {
    return end - first;
  }

  /** All steps, each chunk having about {@code rows} rows, but one step at the least. */
  static List<Chunk> of(Packing packing, Direction direction, int rows) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < packing.steps(); ) {
      int first = packing.offset(direction.time(from, packing.steps()));
      int end = first;
      int to = from;
      do {
        int t = direction.time(to++, packing.steps());
        first = Math.min(first, packing.offset(t));
        end = Math.max(end, packing.offset(t) + packing.live(t));
      } while (to < packing.steps() && end - first < rows);
      chunks.add(new Chunk(from, to, first, end));
      from = to;
    }
    return chunks;
  }
}
