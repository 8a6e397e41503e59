package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch wrote, by {@code src/test/python/make_pytorch_files.py}. */
class PyTorchFileTest {
  @Test
  void readsAStateDict() {
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path("state_dict.pt"))) {
      assertThat(shapes(file))
          .containsExactly(
              Map.entry("lstm.weight_ih_l0", List.of(8, 3)),
              Map.entry("lstm.weight_hh_l0", List.of(8, 2)),
              Map.entry("lstm.bias_ih_l0", List.of(8)),
              Map.entry("scalar", List.of()),
              Map.entry("empty", List.of(0, 4)),
              Map.entry("three", List.of(2, 1, 3)),
              Map.entry("four", List.of(1, 2, 2, 300)),
              Map.entry("Größe", List.of(0, 70000)));
      assertNumbered(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"types_and_views.pt", "types_and_views_legacy.pt"})
  void readsViewsAsTheyAreSeen(String name) {
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path(name))) {
      float[] whole = PyTorchFixtures.values(0, 24);
      assertThat(file.tensor("whole").floats()).containsExactly(whole);
      assertThat(file.tensor("transposed").shape()).containsExactly(6, 4);
      float[] transposed = file.tensor("transposed").floats();
      for (int row = 0; row < 6; row++) {
        for (int col = 0; col < 4; col++) {
          assertThat(transposed[4 * row + col]).isEqualTo(whole[6 * col + row]);
        }
      }
      assertThat(file.tensor("part").shape()).containsExactly(2, 3);
      assertThat(file.tensor("part").floats())
          .containsExactly(whole[8], whole[9], whole[10], whole[14], whole[15], whole[16]);
      assertThat(file.tensor("column").floats())
          .containsExactly(whole[1], whole[7], whole[13], whole[19]);
      assertThat(file.tensor("expanded").shape()).containsExactly(3, 2);
      assertThat(file.tensor("expanded").doubles()).hasSize(6).containsOnly(-1.75);
      assertThat(file.tensor("scalar").shape()).isEmpty();
      assertThat(file.tensor("scalar").floats()).containsExactly(whole[23]);
      assertThat(file.tensor("empty").floats()).isEmpty();
      assertThat(file.tensor("parameter").floats()).containsExactly(PyTorchFixtures.values(7, 4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"types_and_views.pt", "types_and_views_legacy.pt"})
  void readsEveryType(String name) {
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path(name))) {
      assertReal(file.tensor("double"), TensorType.F64, 8);
      assertReal(file.tensor("half"), TensorType.F16, 9);
      assertReal(file.tensor("bfloat16"), TensorType.BF16, 10);
      assertThat(file.tensor("long").longs()).containsExactly(-(1L << 40), 7);
      assertThat(file.tensor("int").longs()).containsExactly(-7);
      assertThat(file.tensor("int").shape()).containsExactly(1, 1);
      assertThat(file.tensor("short").longs()).containsExactly(-300, 5);
      assertThat(file.tensor("char").longs()).containsExactly(-5);
      assertThat(file.tensor("byte").longs()).containsExactly(200);
      assertThat(file.tensor("bool").longs()).containsExactly(1, 0);
      assertThat(file.tensor("bool").type()).isEqualTo(TensorType.BOOL);
    }
  }

  /** Beside them stand an optimizer's state, a best loss, and everything else people save. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoint.pt",
        "checkpoint_protocol2_legacy.pt",
        "checkpoint_protocol5.pt",
        "checkpoint_protocol5_legacy.pt"
      })
  void findsTheWeightsInACheckpoint(String name) {
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path(name))) {
      assertThat(file.tensors().sequencedKeySet())
          .containsExactly("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0");
      assertNumbered(file);
    }
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path(name), "")) {
      assertThat(file.tensors().sequencedKeySet()).containsExactly("best_loss", "rng_state");
      assertThat(file.tensor("best_loss").floats()).containsExactly(0.25f);
    }
  }

  /** Its classes stand for nothing: they are the keys of callbacks, and hold paths and settings. */
  @Test
  void findsTheWeightsInACheckpointOfLightning() {
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path("lightning.pt"))) {
      assertThat(file.tensors().sequencedKeySet())
          .containsExactly("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0");
      assertNumbered(file);
    }
  }

  @Test
  void asksWhichOfSeveral() {
    Path two = PyTorchFixtures.path("two_models.pt");
    try (PyTorchFile file = PyTorchFile.open(two, "nets.critic")) {
      assertThat(file.tensors()).hasSize(4);
      assertNumbered(file);
    }
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> PyTorchFile.open(two))
        .withMessage(
            "%s: has weights under \"nets.generator\", \"nets.critic\"; choose one of them with"
                + " --key",
            two);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> PyTorchFile.open(two, "critic"))
        .withMessage(
            "%s: has no weights under \"critic\", but under \"nets.generator\", \"nets.critic\";"
                + " choose one of them with --key",
            two);
    Path bare = PyTorchFixtures.path("state_dict.pt");
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> PyTorchFile.open(bare, "model"))
        .withMessage("%s: has its weights under no key; leave out --key", bare);
  }

  /** Under the names of {@code state_dict()}, those of shared modules included. */
  @Test
  void readsTheModulesOfTorchScript() {
    try (PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path("torchscript.pt"))) {
      assertThat(file.tensors().sequencedKeySet())
          .containsExactly(
              "scale",
              "words.weight",
              "left.0.weight",
              "left.1.weight_ih_l0",
              "left.1.weight_hh_l0",
              "left.1.bias_ih_l0",
              "left.1.bias_hh_l0",
              "right.0.weight",
              "right.1.weight_ih_l0",
              "right.1.weight_hh_l0",
              "right.1.bias_ih_l0",
              "right.1.bias_hh_l0",
              "right.1.weight_ih_l0_reverse",
              "right.1.weight_hh_l0_reverse",
              "right.1.bias_ih_l0_reverse",
              "right.1.bias_hh_l0_reverse",
              "output.weight",
              "output.bias");
      assertThat(file.tensor("scale").floats()).containsExactly(PyTorchFixtures.values(0, 3));
      float[] words = file.tensor("words.weight").floats();
      assertThat(file.tensor("left.0.weight").floats()).containsExactly(words);
      assertThat(file.tensor("right.0.weight").floats()).containsExactly(words);
      assertThat(file.tensor("output.bias").floats())
          .containsExactly(PyTorchFixtures.values(17, 3));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          whole_module.pt  | holds a whole module, torch.nn.modules.rnn.LSTM (byte 2 of data.pkl), which only Python can run; save its weights alone, with torch.save(model.state_dict(), file)
          single_tensor.pt | holds a single tensor instead of named tensors; save a model's weights with torch.save(model.state_dict(), file)
          """)
  void saysWhatToSaveInstead(String name, String message) {
    Path path = PyTorchFixtures.path(name);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> PyTorchFile.open(path))
        .withMessage("%s: %s", path, message);
  }

  @Test
  void saysWhichTensorsThereAre() {
    Path path = PyTorchFixtures.path("two_models.pt");
    try (PyTorchFile file = PyTorchFile.open(path, "nets.generator")) {
      assertThat(file.file()).isEqualTo(path);
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(() -> file.tensor("lstm"))
          .withMessage("%s: no tensor \"lstm\"; it holds \"weight\", \"bias\"", path);
    }
  }

  @Test
  void cannotBeReadOnceClosed() {
    PyTorchFile file = PyTorchFile.open(PyTorchFixtures.path("state_dict.pt"));
    file.close();
    assertThatIllegalStateException().isThrownBy(() -> file.tensor("scalar").floats());
  }

  private static void assertReal(StoredTensor tensor, TensorType type, int number) {
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.floats()).containsExactly(PyTorchFixtures.values(number, 3));
  }

  /** That tensor n of the file holds the values of number n. */
  private static void assertNumbered(PyTorchFile file) {
    int number = 0;
    for (StoredTensor tensor : file.tensors().values()) {
      float[] floats = tensor.floats();
      assertThat(floats)
          .as(tensor.name())
          .containsExactly(PyTorchFixtures.values(number++, floats.length));
    }
  }

  private static Map<String, List<Integer>> shapes(PyTorchFile file) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return shapes;
  }
}
