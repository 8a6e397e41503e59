package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
      if (weight == null || !weight.shape().equals(shape(p.spec()))) {
        throw new IllegalStateException("there is no %s %s".formatted(p.name(), shape(p.spec())));
      }
      set(p, weight);
    }
    if (weights.size() != parameters.all().size()) {
      throw new IllegalStateException("there are weights of no use among " + weights.keySet());
    }
    parameters.changed();
  }

  /** The weights of one cell, from another framework's layout. */
  static Map<String, GoldenTensor> convert(
      Dialect dialect, StoredCell stored, Cell cell, String suffix) {
    Map<String, Matrix> converted = dialect.convert(stored, cell);
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : cell.parameters("")) {
      Matrix weight = Objects.requireNonNull(converted.get(spec.name()));
      tensors.put(spec.name() + suffix, inFile(spec, weight));
    }
    return tensors;
  }

  /** From PyTorch's shape. */
  static void set(Parameter p, GoldenTensor weight) {
    p.value().copyFrom(turned(p.spec(), weight).toMatrix());
  }

  /** Values or gradients. */
  static Map<String, GoldenTensor> of(Parameters parameters, Function<Parameter, Matrix> what) {
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    for (Parameter p : parameters.all()) {
      tensors.put(p.name(), inFile(p.spec(), what.apply(p)));
    }
    return tensors;
  }

  /** In PyTorch's shape. */
  static GoldenTensor inFile(ParameterSpec p, Matrix weight) {
    return turned(p, GoldenTensor.of(weight)).reshape(shape(p));
  }

  private static List<Integer> shape(ParameterSpec p) {
    return Arrays.stream(p.fileShape()).boxed().toList();
  }

  /** Between the orientation of PyTorch and that of memory, either way. */
  private static GoldenTensor turned(ParameterSpec p, GoldenTensor tensor) {
    return p.kind() == ParameterSpec.Kind.WEIGHT ? tensor.transpose() : tensor;
  }
}
