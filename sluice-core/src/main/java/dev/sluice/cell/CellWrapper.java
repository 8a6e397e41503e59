package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A cell around another: sizes, state and weights are those of the cell inside unless the wrapper says
 * otherwise. What it does is in {@link #begin}.
 */
public interface CellWrapper extends Cell {
  /** What is wrapped. */
  Cell cell();

  @Override
  default int inputSize() {
    return cell().inputSize();
  }

  @Override
  default int outputSize() {
    return cell().outputSize();
  }

  @Override
  default List<Integer> stateSizes() {
    return cell().stateSizes();
  }

  @Override
  default List<String> stateNames() {
    return cell().stateNames();
  }

  @Override
  default List<ParameterSpec> parameters(String suffix) {
    return cell().parameters(suffix);
  }

  /** A step on its own is a run of one step. */
  @Override
  default Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    return begin(x.tape(), x.rows(), weights).step(x, state);
  }
}
