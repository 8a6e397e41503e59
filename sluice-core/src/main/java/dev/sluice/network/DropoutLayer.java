package dev.sluice.network;

import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/**
 * Inverted dropout of single numbers, while training; see {@link dev.sluice.tape.Var#dropout}.
 *
 * @param probability with which a number is dropped
 */
public record DropoutLayer(String name, float probability) implements NetworkLayer {
  /** Refuses what is no probability below 1. */
  public DropoutLayer {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException("probability must be in [0, 1), got " + probability);
    }
  }

  @Override
  public List<ParameterSpec> parameters() {
    return List.of();
  }

  @Override
  public Shape shape(Shape input) {
    return input;
  }

  @Override
  public Features forward(Features x) {
    return x.with(x.data().dropout(probability));
  }
}
