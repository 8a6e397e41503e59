package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a model as a safetensors file, which is also a PyTorch state dict: a weight that
 * is (in, out) in memory is [out, in] in the file.
 */
public final class Weights {
  private Weights() {}

  /** Writes all parameters, in their order. */
  public static void write(Path file, Parameters parameters) throws IOException {
    List<Tensor> tensors =
        parameters.all().stream()
            .map(p -> new Tensor(p.name(), fileShape(p), inFileOrder(p)))
            .toList();
    SafetensorsWriter.write(file, Map.of(), tensors);
  }

  /**
   * Fills {@code parameters} from {@code file}.
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
  static void read(Path file, SafetensorsFile stored, Parameters parameters) {
    for (Parameter p : parameters.all()) {
      if (!stored.tensors().containsKey(p.name())) {
        throw new ModelFileException(
            file, p.name() + " is missing; is it the file of another model?");
      }
      StoredTensor tensor = stored.tensor(p.name());
      if (!tensor.shape().equals(fileShape(p))) {
        throw new ModelFileException(
            file,
            "%s: expected %s, as this model is built, found %s; is it the file of another model?"
                .formatted(p.name(), fileShape(p), tensor.shape()));
      }
      float[] values = tensor.floats();
      requireFinite(file, p.name(), values);
      fill(p, values);
    }
    requireNoOther(file, stored, parameters);
    parameters.changed();
  }

  private static void requireNoOther(Path file, SafetensorsFile stored, Parameters parameters) {
    List<String> known = parameters.all().stream().map(Parameter::name).toList();
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

  private static void requireFinite(Path file, String name, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ModelFileException(
            file, "%s holds %s; the file is damaged, or training diverged".formatted(name, value));
      }
    }
  }

  private static List<Integer> fileShape(Parameter p) {
    return Arrays.stream(p.spec().fileShape()).boxed().toList();
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
