package dev.sluice.cell;

import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * A cell with a learned gate between its input and its output (Srivastava et al. 2015). The state is
 * that of the cell. TF1's {@code HighwayWrapper}.
 *
 * <pre>
 *   t = σ(x·W + b)
 *   y = t·x + (1 - t)·cell(x)
 * </pre>
 *
 * <p>Weights: those of the cell, then {@code weight_carry} (I, I), uniform in ±1/√I, and {@code
 * bias_carry} (I), which starts at 1, so that at first most of the input is carried over.
 *
 * @param cell what is wrapped; as many outputs as inputs
 */
public record HighwayCell(Cell cell) implements CellWrapper {
  /** Fails when the cell has another number of outputs than inputs. */
  public HighwayCell {
    if (cell.inputSize() != cell.outputSize()) {
      throw new IllegalArgumentException(
          "a highway mixes the input with the output, so the %s needs as many outputs as inputs;"
                  .formatted(cell.name())
              + " it has %d inputs and %d outputs".formatted(cell.inputSize(), cell.outputSize()));
    }
  }

  @Override
  public String name() {
    return "Highway(" + cell.name() + ")";
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    List<ParameterSpec> specs = new ArrayList<>(cell.parameters(suffix));
    int size = inputSize();
    specs.add(ParameterSpec.weight("weight_carry" + suffix, size, size, Gates.uniform(size)));
    specs.add(ParameterSpec.bias("bias_carry" + suffix, size, Initializer.constant(1)));
    return specs;
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    int own = weights.size() - 2;
    Stepper inner = cell.begin(tape, batch, weights.subList(0, own));
    Var w = weights.get(own);
    Var b = weights.get(own + 1);
    return (x, state) -> {
      Step step = inner.step(x, state);
      Var t = b.addmm(x, w).sigmoid();
      return new Step(t.mul(x).add(t.affine(-1, 1).mul(step.output())), step.state());
    };
  }

  @Override
  public String formula() {
    return String.join(
        "\n",
        Notation.step("y_cell", "cell", "x", Notation.states(cell)),
        "t = σ(b_carry + x·W_carry)",
        "y = t⊙x + (1 - t)⊙y_cell",
        Notation.where("cell", cell));
  }
}
