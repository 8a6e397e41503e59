package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  /** What tiny.safetensors, in the test resources, was written from. */
  private static final Map<String, String> METADATA = Map.of("b", "two \"2\"", "a", "eins\n水闸");

  private static final List<Tensor> TENSORS =
      List.of(
          new Tensor(
              "weight", List.of(2, 3), new float[] {1, -2, 0.1f, -0f, Float.MIN_VALUE, 3e38f}),
          new Tensor("bias", List.of(2), new float[] {Float.NaN, Float.NEGATIVE_INFINITY}),
          new Tensor("nothing", List.of(0, 4), new float[0]),
          new Tensor("loss", List.of(), new float[] {0.5f}));

  @TempDir private Path folder;

  @Test
  void writesTheSameBytesAsEver() throws IOException {
    Path file = folder.resolve("tiny.safetensors");
    SafetensorsWriter.write(file, METADATA, TENSORS);

    try (InputStream fixture = getClass().getResourceAsStream("tiny.safetensors")) {
      assertThat(file).hasBinaryContent(Objects.requireNonNull(fixture).readAllBytes());
    }
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path path = folder.resolve("tiny.safetensors");
    SafetensorsWriter.write(path, METADATA, TENSORS);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.metadata()).isEqualTo(METADATA);
      assertThat(file.tensors().sequencedKeySet())
          .containsExactly("weight", "bias", "nothing", "loss");
      for (Tensor tensor : TENSORS) {
        assertThat(file.tensor(tensor.name()).shape()).isEqualTo(tensor.shape());
        assertThat(file.tensor(tensor.name()).floats()).containsExactly(tensor.data());
      }
    }
  }

  @Test
  void alignsTheData() throws IOException {
    for (int length = 1; length <= 9; length++) {
      Path file = folder.resolve("aligned");
      SafetensorsWriter.write(
          file, Map.of(), List.of(new Tensor("x".repeat(length), List.of(1), new float[1])));
      assertThat(Files.size(file) % 8).isEqualTo(Float.BYTES);
      SafetensorsFile.open(file).close();
    }
  }

  @Test
  void writesTensorsLargerThanItsBuffer() throws IOException {
    float[] data = new float[100_001];
    for (int i = 0; i < data.length; i++) {
      data[i] = i;
    }
    Path path = folder.resolve("large");
    SafetensorsWriter.write(
        path,
        Map.of(),
        List.of(
            new Tensor("large", List.of(data.length), data),
            new Tensor("next", List.of(1), new float[] {-1})));

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensor("large").floats()).isEqualTo(data);
      assertThat(file.tensor("next").floats()).containsExactly(-1);
    }
  }

  @Test
  void theOrderOfTheMetadataMapDoesNotMatter() throws IOException {
    Path unordered = folder.resolve("unordered");
    Path ordered = folder.resolve("ordered");
    Map<String, String> metadata = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      metadata.put("key" + i * 7919, "");
    }
    SafetensorsWriter.write(unordered, metadata, List.of());
    SafetensorsWriter.write(ordered, new TreeMap<>(metadata), List.of());
    assertThat(unordered).hasSameBinaryContentAs(ordered);
  }

  @Test
  void replacesALongerFile() throws IOException {
    Path path = Files.write(folder.resolve("old"), new byte[1000]);
    SafetensorsWriter.write(path, Map.of(), List.of());
    SafetensorsFile.open(path).close();
  }

  @Test
  void refusesNamesThatAreTaken() {
    Tensor a = new Tensor("a", List.of(), new float[1]);
    Tensor metadata = new Tensor("__metadata__", List.of(), new float[1]);
    Path file = folder.resolve("refused");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafetensorsWriter.write(file, Map.of(), List.of(a, a)))
        .withMessage("the tensor name a is taken; names must differ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafetensorsWriter.write(file, Map.of(), List.of(metadata)))
        .withMessage("the format needs the tensor name __metadata__ for itself");
    assertThat(file).doesNotExist();
  }

  @Test
  void aTensorHoldsWhatItsShapeSays() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("a", List.of(2, 3), new float[5]))
        .withMessage("a: shape [2, 3] does not hold 5 values");
  }
}
