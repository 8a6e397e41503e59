package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a model as a safetensors file, which is also a PyTorch state dict: a weight that
 * is (in, out) in memory is [out, in] in the file.
 */
public final class Weights {
  private Weights() {}

  /** Writes all parameters, in their order. */
  public static void write(Path file, Parameters parameters) throws IOException {
    SafetensorsWriter.write(file, Map.of(), tensors(parameters));
  }

  /**
   * Fills {@code parameters} from {@code file}, all of them or, when it is refused, none.
   *
   * @throws ModelFileException unless it holds exactly these parameters, all of them finite numbers
   */
  public static void read(Path file, Parameters parameters) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      read(file, stored, parameters);
    }
  }

  /**
   * Fills {@code parameters} from the open file {@code stored}, called {@code file} in errors.
   *
   * @throws ModelFileException unless it holds exactly these parameters, all of them finite numbers
   */
  static void read(Path file, TensorFile stored, Parameters parameters) {
    requireExactly(file, stored, parameters.all().stream().map(Parameter::spec).toList());
    for (Parameter p :
        parameters.all()) { // before one is changed; again below, to hold one at a time
      requireFinite(file, p.name(), stored.tensor(p.name()).floats());
    }
    for (Parameter p : parameters.all()) {
      fill(p, stored.tensor(p.name()).floats());
    }
    parameters.changed();
  }

  /**
   * Requires that {@code stored}, called {@code file} in errors, holds exactly these parameters. No
   * memory is taken for them.
   *
   * @throws ModelFileException when one is missing, too many, or of another shape
   */
  static void requireExactly(Path file, TensorFile stored, List<ParameterSpec> specs) {
    Set<String> known = new HashSet<>();
    for (ParameterSpec spec : specs) {
      known.add(spec.name());
      if (!stored.tensors().containsKey(spec.name())) {
        throw new ModelFileException(
            file, spec.name() + " is missing; is it the file of another model?");
      }
      requireShape(file, stored.tensor(spec.name()), spec);
    }
    stored.tensors().keySet().stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new ModelFileException(
                  file,
                  "%s is not a parameter of this model; is it the file of another model?"
                      .formatted(shown(name)));
            });
  }

  /**
   * Requires that {@code tensor} of {@code file} has the shape that the parameter has in files.
   *
   * @throws ModelFileException when it has another
   */
  public static void requireShape(Path file, StoredTensor tensor, ParameterSpec spec) {
    if (!tensor.shape().equals(fileShape(spec))) {
      throw new ModelFileException(
          file,
          "%s: expected %s, as this model is built, found %s; is it the file of another model?"
              .formatted(tensor.name(), fileShape(spec), tensor.shape()));
    }
  }

  /**
   * Fills one parameter; the caller tells {@link Parameters#changed}.
   *
   * @throws ModelFileException when {@code tensor} of {@code file} has another shape, or holds something
   *     else than finite numbers
   */
  public static void fill(Path file, StoredTensor tensor, Parameter parameter) {
    requireShape(file, tensor, parameter.spec());
    float[] values = tensor.floats();
    requireFinite(file, tensor.name(), values);
    fill(parameter, values);
  }

  /** All parameters as they stand in files: under PyTorch's names, in its shapes and order. */
  public static List<Tensor> tensors(Parameters parameters) {
    return parameters.all().stream()
        .map(p -> new Tensor(p.name(), fileShape(p.spec()), inFileOrder(p)))
        .toList();
  }

  private static void requireFinite(Path file, String name, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ModelFileException(
            file, "%s holds %s; the file is damaged, or training diverged".formatted(name, value));
      }
    }
  }

  private static List<Integer> fileShape(ParameterSpec spec) {
    return Arrays.stream(spec.fileShape()).boxed().toList();
  }

  private static float[] inFileOrder(Parameter p) {
    Matrix m = p.value();
    float[] stored = new float[m.rows * m.cols];
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        stored[fileIndex(p, r, c)] = m.data[m.at(r) + c];
      }
    }
    return stored;
  }

  private static void fill(Parameter p, float[] stored) {
    Matrix m = p.value();
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        m.data[m.at(r) + c] = stored[fileIndex(p, r, c)];
      }
    }
  }

  /** Where the file has the element that is at (r, c) in memory. */
  private static int fileIndex(Parameter p, int r, int c) {
    boolean transposed = p.spec().kind() == ParameterSpec.Kind.WEIGHT;
    return transposed ? c * p.spec().rows() + r : r * p.spec().cols() + c;
  }
}
