package dev.sluice.network;

import dev.sluice.layer.PaddedBatch;
import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/** The last real step of each sequence: what {@code output[:, -1]} is meant to be, with lengths observed. */
public record LastStepLayer(String name) implements NetworkLayer {
  @Override
  public List<ParameterSpec> parameters() {
    return List.of();
  }

  @Override
  public Shape shape(Shape input) {
    return Shape.vectors(input.requireSequences(this).width());
  }

  @Override
  public Features forward(Features x) {
    PaddedBatch steps = x.requireSteps(this);
    return Features.vectors(steps.last(x.data()));
  }
}
