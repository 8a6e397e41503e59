package dev.sluice.layer;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.util.List;
import java.util.stream.Stream;

/** A part of a network that asks for parameters. Layers hold sizes and names, never numbers. */
public interface Layer {
  /** What must be in the {@link Parameters} of the tape it runs on. */
  List<ParameterSpec> parameters();

  /** Room for the parameters of all layers of a network, all zero. */
  static Parameters parametersOf(Layer... layers) {
    return new Parameters(Stream.of(layers).flatMap(layer -> layer.parameters().stream()).toList());
  }
}
