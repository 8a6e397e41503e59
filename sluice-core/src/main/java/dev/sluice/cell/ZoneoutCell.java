package dev.sluice.cell;

import dev.sluice.kernel.Elementwise;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * Zoneout (Krueger et al. 2017): in training each element of the state keeps its old value with a
 * probability, drawn anew in each step; otherwise it moves by the expected amount.
 *
 * <pre>
 *   training   s' = m⊙s + (1 - m)⊙cell(s)    m: 1 with probability p, else 0
 *   else       s' = p·s + (1 - p)·cell(s)
 * </pre>
 *
 * <p>The output is the new h. Weights and state are those of the cell.
 *
 * @param cell what is wrapped; its output is the first part of its state
 * @param outputs p for parts of the state that are called h
 * @param memory p for the other parts, c of an LSTM
 */
public record ZoneoutCell(Cell cell, float outputs, float memory) implements CellWrapper {
  /** Fails when a probability is not in [0, 1], or the cell's output is not of its state. */
  public ZoneoutCell {
    for (float p : new float[] {outputs, memory}) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("zoneout must be in [0, 1], got " + p);
      }
    }
    if (cell.outputSize() != cell.stateSizes().getFirst()) {
      throw new IllegalArgumentException(
          "zoneout is for cells whose output is their state; put it inside of the %s instead"
              .formatted(cell.name()));
    }
  }

  @Override
  public String name() {
    return "Zoneout(" + cell.name() + ")";
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    Stepper inner = cell.begin(tape, batch, weights);
    return (x, state) -> {
      List<Var> next = inner.step(x, state).state();
      List<Var> zoned = new ArrayList<>();
      for (int i = 0; i < next.size(); i++) {
        zoned.add(zoneout(state.get(i), next.get(i), probability(i)));
      }
      return new Step(zoned.getFirst(), zoned);
    };
  }

  @Override
  public String formula() {
    List<String> states = Notation.states(cell);
    List<String> next = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      String part = states.get(i);
      float p = probability(i);
      next.add(part + (p > 0 ? "_cell" : "'"));
      if (p > 0) {
        lines.add("%s' = zoneout(%s, %s_cell, %s)".formatted(part, part, part, Notation.number(p)));
      }
    }
    lines.addFirst(Notation.step("y_cell", next, "cell", "x", states));
    lines.add("where zoneout(old, new, p) = p·old + (1 - p)·new");
    lines.add("(in training: each element is the old with probability p, else the new)");
    lines.add(Notation.where("cell", cell));
    return String.join("\n", lines);
  }

  /** Of keeping an element of part {@code i} of the state as it was. */
  private float probability(int i) {
    return stateNames().get(i).equals("h") ? outputs : memory;
  }

  private static Var zoneout(Var old, Var next, float p) {
    Tape tape = old.tape();
    if (!tape.isTraining() || p == 0) {
      return p == 0 ? next : old.affine(p, 0).add(next.affine(1 - p, 0));
    }
    Matrix keep = tape.allocate(old.rows(), old.cols());
    Elementwise.bernoulli(tape.workers(), tape.nextKey(), p, keep);
    Var mask = tape.constant(keep);
    return mask.mul(old).add(mask.affine(-1, 1).mul(next));
  }
}
