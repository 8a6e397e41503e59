package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;

/** Stochastic gradient descent: w -= learningRate · gradient. */
public final class Sgd implements Optimizer {
  @Override
  public void step(Backend backend, Parameters parameters, float learningRate) {
    float[] w = parameters.values();
    float[] g = parameters.gradients();
    Blocks.run(
        backend.workers(),
        w.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            w[i] -= learningRate * g[i];
          }
        });
    parameters.changed();
  }
}
