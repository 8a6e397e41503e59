package dev.sluice.network;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import java.util.List;

/** A function of each number. */
public record ActivationLayer(String name, Activation activation) implements NetworkLayer {
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
    return x.with(x.data().activate(activation));
  }
}
