package dev.sluice.network;

import dev.sluice.loss.CrossEntropy;
import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/**
 * Probabilities of each step, or of a vector: e^x[k] / Σⱼ e^x[j]. A network that is trained ends before
 * it: {@link CrossEntropy} contains the softmax.
 */
public record SoftmaxLayer(String name) implements NetworkLayer {
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
    return x.with(CrossEntropy.softmax(x.data()));
  }
}
