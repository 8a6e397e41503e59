package dev.sluice.io.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.hdf5.Hdf5File;
import dev.sluice.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Models of others in {@code ../../shared/golden}, a collection that may lie beside the checkout. */
class KerasGoldenTest {
  private static final Path MODELS = Path.of("..", "..", "shared", "golden", "models");
  private static final String RECORDED = "_inputs_and_outputs.h5";

  @TestFactory
  Stream<DynamicTest> models() throws IOException {
    if (!Files.isDirectory(MODELS)) {
      System.out.printf("golden: no %s, so no Keras models of others are read%n", MODELS);
      return Stream.empty();
    }
    List<Path> files = new ArrayList<>(files(MODELS.resolve("keras-h5")));
    files.addAll(files(MODELS.resolve("keras3")));
    assertThat(files).isNotEmpty();
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files) {
      String name = file.toFile().getName();
      if (name.endsWith(RECORDED)) {
        tests.add(dynamicTest(name, () -> checkRecorded(file)));
      } else if (!name.endsWith(".json")) {
        tests.add(
            dynamicTest(name, () -> assertThat(KerasReader.read(file).network()).isPresent()));
      }
    }
    tests.add(dynamicTest("weights with model.to_json()", KerasGoldenTest::checkArchitecture));
    tests.add(dynamicTest("textgenrnn", KerasGoldenTest::checkTextgenrnn));
    System.out.printf("golden keras: %d models%n", tests.size());
    return tests.stream();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** What Keras predicted, with the whole model and with its weights alone. */
  private static void checkRecorded(Path file) {
    String model = file.toString().replace(RECORDED, "");
    for (String form : List.of("_model.h5", "_weights.h5")) {
      Network network = KerasFiles.network(Path.of(model + form));
      try (Hdf5File recorded = Hdf5File.open(file)) {
        StoredTensor x = only(recorded, "inputs");
        float[] output = KerasFiles.output(network, x.shape(), x.floats());
        float[] expected = only(recorded, "predictions").floats();
        float largest = 0;
        for (float value : expected) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(output).containsExactly(expected, within(1e-6f * largest));
      }
    }
  }

  private static void checkArchitecture() {
    Path folder = MODELS.resolve("keras-h5");
    Path weights = folder.resolve("simple_lstm_tf_keras_1_weights.h5");
    Path json = folder.resolve("simple_lstm_tf_keras_1_config.json");
    Network network = KerasReader.read(weights, json).network().orElseThrow();
    Network whole = KerasFiles.network(folder.resolve("simple_lstm_tf_keras_1_model.h5"));
    assertThat(network.layers()).isEqualTo(whole.layers());
    assertThat(network.parameters().values()).isEqualTo(whole.parameters().values());
  }

  private static StoredTensor only(Hdf5File file, String group) {
    String name = file.root().group(group).orElseThrow().names().getFirst();
    return file.root().array(group + "/" + name).orElseThrow();
  }

  /** Weights of CuDNNLSTM: read as they stand, each column of the kernel would be another one's. */
  private static void checkTextgenrnn() {
    Path file = MODELS.resolve("textgenrnn").resolve("textgenrnn_weights.hdf5");
    KerasContents contents = KerasReader.read(file);
    assertThat(contents.parts())
        .extracting(KerasPart::name)
        .containsExactly("embedding", "rnn_1", "rnn_2", "output");
    assertThat(contents.others()).containsExactly("\"attention\" (unknown, arrays of weights: 1)");
    Network rnn = contents.parts().get(1).network();
    float[] kernel = rnn.parameters().get("rnn_1.weight_ih_l0").value().toArray(); // (100, 512)
    float[] recurrent = rnn.parameters().get("rnn_1.weight_hh_l0").value().toArray();
    float[] bias = rnn.parameters().get("rnn_1.bias_ih_l0").value().toArray();
    try (Hdf5File stored = Hdf5File.open(file)) {
      float[] storedKernel = array(stored, "kernel:0");
      float[] storedRecurrent = array(stored, "recurrent_kernel:0");
      float[] storedBias = array(stored, "bias:0");
      for (int gate = 0; gate < 4; gate++) {
        for (int unit = 0; unit < 128; unit++) {
          int column = 128 * gate + unit;
          for (int x = 0; x < 100; x++) {
            int k = 100 * unit + x; // the gate's numbers are (128, 100) in memory
            assertThat(kernel[512 * x + column])
                .isEqualTo(storedKernel[k / 128 * 512 + 128 * gate + k % 128]);
          }
          for (int h = 0; h < 128; h++) {
            assertThat(recurrent[512 * h + column])
                .isEqualTo(storedRecurrent[512 * unit + 128 * gate + h]);
          }
          assertThat(bias[column]).isEqualTo(storedBias[column] + storedBias[512 + column]);
        }
      }
    }
  }

  private static float[] array(Hdf5File file, String name) {
    return file.root().array("rnn_1/rnn_1/" + name).orElseThrow().floats();
  }
}
