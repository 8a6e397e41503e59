package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;

/** Changes parameters by their gradients. Each belongs to one training run: it may keep moments. */
public interface Optimizer {
  /** One step with the gradients that {@code parameters} hold; {@code learningRate} is this step's. */
  void step(Backend backend, Parameters parameters, float learningRate);
}
