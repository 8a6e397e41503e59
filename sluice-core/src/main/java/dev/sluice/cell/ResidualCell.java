package dev.sluice.cell;

import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A cell whose output is added to its input: y = x + cell(x). The state is that of the cell. TF1's {@code
 * ResidualWrapper}.
 *
 * @param cell what is wrapped; as many outputs as inputs
 */
public record ResidualCell(Cell cell) implements CellWrapper {
  /** Fails when the cell has another number of outputs than inputs. */
  public ResidualCell {
    if (cell.inputSize() != cell.outputSize()) {
      throw new IllegalArgumentException(
          "a residual connection adds the input to the output, so the %s needs as many outputs as"
                  .formatted(cell.name())
              + " inputs; it has %d inputs and %d outputs"
                  .formatted(cell.inputSize(), cell.outputSize()));
    }
  }

  @Override
  public String name() {
    return "Residual(" + cell.name() + ")";
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    Stepper inner = cell.begin(tape, batch, weights);
    return (x, state) -> {
      Step step = inner.step(x, state);
      return new Step(x.add(step.output()), step.state());
    };
  }

  @Override
  public String formula() {
    return String.join(
        "\n",
        Notation.step("y_cell", "cell", "x", Notation.states(cell)),
        "y = x + y_cell",
        Notation.where("cell", cell));
  }
}
