package dev.sluice.layer;

import dev.sluice.cell.Cell;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * A first state that is learned, one row for all sequences: for layers named {@code lstm} the parameters
 * {@code lstm.h0_l0} and {@code lstm.c0_l0}, {@code lstm.h0_l0_reverse}, and so on, each (1, size).
 *
 * <pre>
 *   LearnedState start = new LearnedState(lstm, Initializer.zeros());
 *   Recurrent.Result result = lstm.forward(x, start.forward(tape, x.packing().batch()));
 * </pre>
 *
 * @param layers whose first state it is
 * @param values how it starts
 */
public record LearnedState(Recurrent layers, Initializer values) implements Layer {
  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    for (int k = 0; k < layers.cells().size(); k++) {
      List<Integer> sizes = layers.cells().get(k).stateSizes();
      for (int part = 0; part < sizes.size(); part++) {
        specs.add(ParameterSpec.bias(name(k, part), sizes.get(part), values));
      }
    }
    return specs;
  }

  /** The state of {@code batch} sequences. */
  public State forward(Tape tape, int batch) {
    List<List<Var>> cells = new ArrayList<>();
    for (int k = 0; k < layers.cells().size(); k++) {
      List<Var> parts = new ArrayList<>();
      for (int size : layers.cells().get(k).stateSizes()) {
        Var row = tape.weight(name(k, parts.size()));
        parts.add(row.add(tape.constant(tape.zeros(batch, size))));
      }
      cells.add(parts);
    }
    return new State(cells);
  }

  /** Of a stack of cells several parts are called h: those above the first have a number. */
  private String name(int k, int part) {
    Cell cell = layers.cells().get(k);
    String name = cell.stateNames().get(part);
    int first = cell.stateNames().indexOf(name);
    return layers.parameterName(k, name + "0" + (part == first ? "" : "_part" + part));
  }
}
