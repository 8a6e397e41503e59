package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.pytorch.PyTorchFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of PyTorch in a golden collection, if there is one with a folder {@code pytorch-files}:
 * one LSTM saved in every way, its weights beside it as JSON, and a few more. Files that travel
 * with Sluice are in {@code PyTorchFileTest}.
 */
class PyTorchFilesTest {
  private static final String WEIGHTS = "lstm_state_dict.json";

  @TestFactory
  Stream<DynamicTest> files() throws IOException {
    List<Path> folders =
        GoldenTest.folders().stream()
            .map(folder -> folder.resolve("pytorch-files"))
            .filter(Files::isDirectory)
            .toList();
    if (folders.isEmpty()) {
      System.out.println("golden: no collection with pytorch-files, so none of those is read");
      return Stream.of();
    }
    Path folder = folders.getLast();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> pytorch = files.filter(file -> file.toString().endsWith(".pt")).sorted().toList();
      System.out.printf("golden pytorch-files: %d files%n", pytorch.size());
      return pytorch.stream().map(file -> dynamicTest(file.toFile().getName(), () -> check(file)));
    }
  }

  private static void check(Path path) {
    String name = path.toFile().getName();
    if (name.contains("whole_module")) {
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(() -> PyTorchFile.open(path))
          .withMessageContaining("holds a whole module, torch.nn.");
      return;
    }
    try (PyTorchFile file = PyTorchFile.open(path)) {
      if (name.startsWith("lstm_")) {
        checkLstm(file, JsonMapper.shared().readTree(path.resolveSibling(WEIGHTS)));
      } else if (name.startsWith("views")) {
        checkViews(file);
      }
      for (StoredTensor tensor : file.tensors().values()) {
        int count = tensor.shape().stream().reduce(1, Math::multiplyExact);
        assertThat(tensor.type().isReal() ? tensor.floats().length : tensor.longs().length)
            .as(tensor.name())
            .isEqualTo(count);
      }
    }
  }

  private static void checkLstm(PyTorchFile file, JsonNode weights) {
    assertThat(file.tensors().keySet()).isEqualTo(Set.copyOf(weights.propertyNames()));
    for (StoredTensor tensor : file.tensors().values()) {
      GoldenTensor expected = GoldenTensor.of(weights.required(tensor.name()));
      assertThat(tensor.shape()).as(tensor.name()).isEqualTo(expected.shape());
      float[] floats = tensor.floats();
      for (int i = 0; i < floats.length; i++) {
        assertThat(floats[i]).as(tensor.name()).isEqualTo(rounded(expected.values()[i], tensor));
      }
    }
  }

  /** {@code value} as a tensor of this type can hold it. */
  private static float rounded(double value, StoredTensor tensor) {
    float f = (float) value;
    return switch (tensor.type()) {
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(f));
      case BF16 -> {
        int bits = Float.floatToIntBits(f);
        int even = bits + 0x7fff + ((bits >>> 16) & 1);
        yield Float.intBitsToFloat(even & 0xffff_0000);
      }
      default -> f;
    };
  }

  /** Of the numbers 0 to 23 as (4, 6). */
  private static void checkViews(PyTorchFile file) {
    assertThat(file.tensor("same").floats()).startsWith(0, 1, 2, 3).endsWith(22, 23);
    assertThat(file.tensor("t").floats()).startsWith(0, 6, 12, 18, 1, 7).endsWith(17, 23);
    assertThat(file.tensor("slice").floats()).containsExactly(8, 9, 10, 14, 15, 16);
    assertThat(file.tensor("scalar").floats()).containsExactly(7.5f);
    assertThat(file.tensor("i64").longs()).containsExactly(0, 1, 2, 3, 4);
    assertThat(file.tensor("bool").longs()).containsExactly(1, 0);
  }
}
