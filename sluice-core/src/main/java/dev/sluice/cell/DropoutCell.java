package dev.sluice.cell;

import dev.sluice.kernel.Elementwise;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Dropout around a cell in training, as TF1's {@code DropoutWrapper}: on its inputs, on its outputs,
 * and on the state it hands to the next step. What is kept is divided by the probability of keeping it.
 *
 * <p>Dropout on the output does not touch the state, and dropout on the state does not touch the
 * output of the same step. Of the state only the parts called h are dropped; memory, c of an LSTM, never is.
 *
 * <p>Masks are drawn anew in each step, or, {@code variational}, once for all steps of a sequence (Gal
 * and Ghahramani 2016). Each sequence of the batch has masks of its own, as in the paper and in
 * Keras; TF1 shares one over the batch.
 *
 * @param cell what is wrapped; weights and state are its own
 * @param inputKeep probability with which an element of the input is kept
 * @param outputKeep the same for the output
 * @param stateKeep the same for the state
 * @param variational whether all steps share their masks
 */
public record DropoutCell(
    Cell cell, float inputKeep, float outputKeep, float stateKeep, boolean variational)
    implements CellWrapper {
  /** Fails when a probability is not in (0, 1]. */
  public DropoutCell {
    for (float keep : new float[] {inputKeep, outputKeep, stateKeep}) {
      if (!(keep > 0 && keep <= 1)) {
        throw new IllegalArgumentException(
            "the probability of keeping an element must be in (0, 1], got %s; 1 means no dropout"
                .formatted(keep));
      }
    }
  }

  @Override
  public String name() {
    return "Dropout(" + cell.name() + ")";
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    Stepper inner = cell.begin(tape, batch, weights);
    if (!tape.isTraining()) {
      return inner;
    }
    List<Var> shared = variational ? masks(tape, batch) : List.of();
    return (x, state) -> {
      int n = x.rows();
      Iterator<Var> masks =
          (variational ? shared.stream().map(m -> m.rowRange(0, n)).toList() : masks(tape, n))
              .iterator();
      Step step = inner.step(masks.next().mul(x), state);
      Var output = masks.next().mul(step.output());
      return new Step(output, step.state().stream().map(part -> masks.next().mul(part)).toList());
    };
  }

  @Override
  public String formula() {
    List<String> states = Notation.states(cell);
    List<String> next = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    String y = outputKeep < 1 ? "y_cell" : "y";
    if (outputKeep < 1) {
      lines.add("y = " + dropout(y, outputKeep));
    }
    for (int i = 0; i < states.size(); i++) {
      String part = states.get(i);
      boolean dropped = stateKeep < 1 && stateNames().get(i).equals("h");
      next.add(part + (dropped ? "_cell" : "'"));
      if (dropped) {
        lines.add(part + "' = " + dropout(part + "_cell", stateKeep));
      }
    }
    lines.addFirst(Notation.step(y, next, "cell", dropout("x", inputKeep), states));
    lines.add(
        variational
            ? "(each dropout drops the same elements in all steps of a sequence)"
            : "(each dropout draws anew in each step)");
    lines.add(Notation.where("cell", cell));
    return String.join("\n", lines);
  }

  private static String dropout(String v, float keep) {
    return Notation.dropout(v, Notation.complement(keep));
  }

  /** Of the input, the output, and each part of the state; each (rows, size). */
  private List<Var> masks(Tape tape, int rows) {
    List<Var> masks = new ArrayList<>();
    masks.add(mask(tape, rows, inputSize(), inputKeep));
    masks.add(mask(tape, rows, outputSize(), outputKeep));
    for (int i = 0; i < stateSizes().size(); i++) {
      float keep = stateNames().get(i).equals("h") ? stateKeep : 1;
      masks.add(mask(tape, rows, stateSizes().get(i), keep));
    }
    return masks;
  }

  private static Var mask(Tape tape, int rows, int cols, float keep) {
    Matrix mask = tape.allocate(rows, cols);
    if (keep == 1) {
      mask.fill(1);
    } else {
      Elementwise.bernoulli(tape.workers(), tape.nextKey(), keep, mask);
      Elementwise.scale(1 / keep, mask);
    }
    return tape.constant(mask);
  }
}
