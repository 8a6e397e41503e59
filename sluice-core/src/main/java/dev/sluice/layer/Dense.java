package dev.sluice.layer;

import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * y = b + x·W, as Keras's {@code Dense} without activation and PyTorch's {@code nn.Linear}: {@code NAME.weight} (in, out) and
 * {@code NAME.bias} (out).
 *
 * @param name prefix of the parameters' names
 * @param in features of x
 * @param out features of y
 * @param weights how the weight starts
 * @param biases how the bias starts
 */
public record Dense(String name, int in, int out, Initializer weights, Initializer biases)
    implements Layer {
  /** Fails when a size is below 1. */
  public Dense {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "%s: a dense layer needs at least 1 input and 1 output, got %d and %d"
              .formatted(name, in, out));
    }
  }

  /** Both start uniform in ±1/√in, as in PyTorch. */
  public Dense(String name, int in, int out) {
    this(name, in, out, uniform(in), uniform(in));
  }

  @Override
  public List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight(name + ".weight", in, out, weights),
        ParameterSpec.bias(name + ".bias", out, biases));
  }

  /** (n, in) to (n, out). */
  public Var forward(Var x) {
    if (x.cols() != in) {
      throw new IllegalArgumentException(
          "%s: expected an input of %d features, got %d".formatted(name, in, x.cols()));
    }
    Var weight = x.tape().weight(name + ".weight");
    return x.tape().weight(name + ".bias").addmm(x, weight);
  }

  private static Initializer uniform(int in) {
    return Initializer.uniform((float) (1 / Math.sqrt(Math.max(in, 1)))); // 0 is refused by name
  }
}
