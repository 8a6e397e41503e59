package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellWrapper;
import dev.sluice.cell.Step;
import dev.sluice.cell.Stepper;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/** TF1's {@code OutputProjectionWrapper}: a dense layer on each output, as a user would write it. */
record OutputProjectionCell(Cell cell, int outputSize) implements CellWrapper {
  @Override
  public String name() {
    return "OutputProjection(" + cell.name() + ")";
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    List<ParameterSpec> specs = new ArrayList<>(cell.parameters(suffix));
    Initializer zero = Initializer.constant(0);
    specs.add(ParameterSpec.weight("weight_out" + suffix, cell.outputSize(), outputSize, zero));
    specs.add(ParameterSpec.bias("bias_out" + suffix, outputSize, zero));
    return specs;
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    int own = weights.size() - 2;
    Stepper inner = cell.begin(tape, batch, weights.subList(0, own));
    return (x, state) -> {
      Step step = inner.step(x, state);
      return new Step(weights.get(own + 1).addmm(step.output(), weights.get(own)), step.state());
    };
  }
}
