package dev.sluice.layer;

import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * y = b + x·W, as Keras's {@code Dense} without activation and PyTorch's {@code nn.Linear}: {@code NAME.weight} (in, out) and
 * {@code NAME.bias} (out), both starting uniform in ±1/√in.
 */
public record Dense(String name, int in, int out) implements Layer {
  @Override
  public List<ParameterSpec> parameters() {
    Initializer uniform = Initializer.uniform((float) (1 / Math.sqrt(in)));
    return List.of(
        ParameterSpec.weight(name + ".weight", in, out, uniform),
        ParameterSpec.bias(name + ".bias", out, uniform));
  }

  /** (n, in) to (n, out). */
  public Var forward(Var x) {
    Var weight = x.tape().weight(name + ".weight");
    return x.tape().weight(name + ".bias").addmm(x, weight);
  }
}
