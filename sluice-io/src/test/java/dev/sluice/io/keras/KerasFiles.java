package dev.sluice.io.keras;

import static java.util.Objects.requireNonNull;

import dev.sluice.layer.PaddedBatch;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Features;
import dev.sluice.network.Network;
import dev.sluice.parameter.Parameter;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of {@code make_keras_files.py}, and what networks compute. */
final class KerasFiles {
  /** Those that are chains, and what their outputs are recorded as. */
  static final Map<String, String> CHAINS =
      Map.of(
          "keras1_tagger.h5", "keras1_tagger",
          "keras1_gru.h5", "keras1_gru",
          "keras2_functional.h5", "keras2_functional",
          "tf_keras_sequential.h5", "tf_keras_sequential",
          "cudnn.h5", "cudnn",
          "cudnn_weights.h5", "cudnn_weights",
          "keras2_weights.h5", "keras2_weights",
          "keras3_functional.keras", "keras3_functional",
          "keras3_deep.weights.h5", "keras3_deep");

  private KerasFiles() {}

  static Path file(String name) {
    try {
      return Path.of(requireNonNull(KerasFiles.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Network network(Path file) {
    return KerasReader.read(file).network().orElseThrow();
  }

  /** The output for sequences of one length, row by row. */
  static float[] output(Network network, List<Integer> shape, float[] input) {
    int batch = shape.get(0);
    int steps = shape.get(1);
    int width = shape.get(2);
    try (Backend backend = Backend.create(1)) {
      Tape tape = Tape.inference(backend, network.parameters());
      Matrix x = Matrix.window(input, 0, batch * steps, width);
      PaddedBatch all = PaddedBatch.full(batch, steps);
      return network.forward(Features.sequences(tape.constant(x), all)).data().value().toArray();
    }
  }

  /** All parameters by name. */
  static Map<String, float[]> weights(Network network) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (Parameter p : network.parameters().all()) {
      weights.put(p.name(), p.value().toArray());
    }
    return weights;
  }
}
