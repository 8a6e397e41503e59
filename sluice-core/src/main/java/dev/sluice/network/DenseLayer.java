package dev.sluice.network;

import dev.sluice.layer.Dense;
import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/** The same affine map for every step, or for a vector: Keras's {@code Dense}, also under {@code TimeDistributed}. */
public record DenseLayer(Dense dense) implements NetworkLayer {
  @Override
  public String name() {
    return dense.name();
  }

  @Override
  public List<ParameterSpec> parameters() {
    return dense.parameters();
  }

  @Override
  public Shape shape(Shape input) {
    return input.requireWidth(this, dense.in()).withWidth(dense.out());
  }

  @Override
  public Features forward(Features x) {
    return x.with(dense.forward(x.data()));
  }
}
