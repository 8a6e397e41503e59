package dev.sluice.cell;

import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs any cell over a batch of sequences by its formula, step by step: the specification of every
 * fused kernel, and the way cells without one run.
 *
 * <p>The sequences alive at a step are a prefix of the batch. Reading forward the prefix shrinks,
 * and what falls off is final; reading backward it grows, and who joins brings the initial state.
 *
 * <p>Each step reads a copy of the state. So the gradient that a step hands back is one sum, complete
 * before it meets that of the output: the order in which kernels add. Where it is {@linkplain
 * Kernels#NEGLIGIBLE negligible} it is dropped.
 */
public final class FormulaScan {
  private FormulaScan() {}

  /**
   * Runs {@code cell} over {@code x}.
   *
   * @param x (steps of all sequences, I)
   * @param initial parts of (B, size), sequences in packed order
   * @param weights in the order of {@link Cell#parameters}
   */
  public static Scan scan(
      Cell cell, PackedSequence x, Direction direction, List<Var> initial, List<Var> weights) {
    Packing packing = x.packing();
    Stepper stepper = cell.begin(x.data().tape(), packing.batch(), weights);
    List<Var> outputs = new ArrayList<>(Collections.nCopies(packing.steps(), x.data()));
    List<List<Var>> finished = new ArrayList<>();
    List<Var> state = initial;
    int before = 0;
    for (int i = 0; i < packing.steps(); i++) {
      int t = direction.time(i, packing.steps());
      int live = packing.live(t);
      int kept = Math.min(live, before);
      if (kept < before) {
        finished.add(rowRange(state, kept, before));
      }
      state = below(rowRange(state, 0, kept), rowRange(initial, kept, live));
      Var xt = x.data().rowRange(packing.offset(t), packing.offset(t) + live);
      Step step = stepper.step(xt, state);
      outputs.set(t, step.output());
      state = step.state();
      before = live;
    }
    for (List<Var> rows : finished.reversed()) {
      state = below(state, rows);
    }
    return new Scan(new PackedSequence(packing, Var.stackRows(outputs)), state);
  }

  private static List<Var> rowRange(List<Var> state, int from, int to) {
    return state.stream().map(part -> part.rowRange(from, to)).toList();
  }

  private static List<Var> below(List<Var> upper, List<Var> lower) {
    List<Var> stacked = new ArrayList<>();
    for (int i = 0; i < upper.size(); i++) {
      Var part = Var.stackRows(List.of(upper.get(i), lower.get(i)));
      Tape tape = part.tape();
      tape.record(() -> tape.kernels().dropNegligible(part.gradient()), part);
      stacked.add(part);
    }
    return stacked;
  }
}
