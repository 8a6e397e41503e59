package dev.sluice.golden;

import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Parameters by PyTorch's names and in PyTorch's shapes, into Sluice and out of it. */
final class GoldenWeights {
  private GoldenWeights() {}

  /**
   * Sets every parameter; {@code weights} must be those of the same names and shapes and no others.
   */
  static void load(Map<String, GoldenTensor> weights, Parameters parameters) {
    for (Parameter p : parameters.all()) {
      GoldenTensor weight = weights.get(p.name());
      if (weight == null || !weight.shape().equals(shape(p))) {
        throw new IllegalStateException("there is no %s %s".formatted(p.name(), shape(p)));
      }
      p.value().copyFrom(turned(p, weight).toMatrix());
    }
    if (weights.size() != parameters.all().size()) {
      throw new IllegalStateException("there are weights of no use among " + weights.keySet());
    }
    parameters.changed();
  }

  /** Values or gradients. */
  static Map<String, GoldenTensor> of(Parameters parameters, Function<Parameter, Matrix> what) {
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    for (Parameter p : parameters.all()) {
      GoldenTensor tensor = turned(p, GoldenTensor.of(what.apply(p)));
      tensors.put(p.name(), tensor.reshape(shape(p)));
    }
    return tensors;
  }

  private static List<Integer> shape(Parameter p) {
    return Arrays.stream(p.spec().fileShape()).boxed().toList();
  }

  /** Between the orientation of PyTorch and that of memory, either way. */
  private static GoldenTensor turned(Parameter p, GoldenTensor tensor) {
    return p.spec().kind() == ParameterSpec.Kind.WEIGHT ? tensor.transpose() : tensor;
  }
}
