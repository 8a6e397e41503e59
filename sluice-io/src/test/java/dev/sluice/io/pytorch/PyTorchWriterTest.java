package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchWriterTest {
  @TempDir private Path folder;

  /** What torch.save wrote for the same tensors: the same pickle, the same numbers. */
  @Test
  void writesWhatTorchSaveWrites() throws IOException {
    Path original = PyTorchFixtures.path("state_dict.pt");
    List<Tensor> tensors = new ArrayList<>();
    try (PyTorchFile file = PyTorchFile.open(original)) {
      for (StoredTensor tensor : file.tensors().values()) {
        tensors.add(new Tensor(tensor.name(), tensor.shape(), tensor.floats()));
      }
    }
    Path written = folder.resolve("written.pt");
    PyTorchWriter.write(written, tensors);

    try (ZipFile expected = new ZipFile(original.toFile());
        ZipFile actual = new ZipFile(written.toFile())) {
      for (ZipEntry entry : expected.stream().toList()) {
        String name = "archive" + entry.getName().substring(entry.getName().indexOf('/'));
        assertThat(content(actual, name)).as(name).isEqualTo(content(expected, entry.getName()));
      }
      assertThat(actual.size()).isEqualTo(expected.size() + 1); // byteorder, since PyTorch 2.1
      assertThat(content(actual, "archive/byteorder")).asString().isEqualTo("little");
    }
  }

  /** One alone, a full batch of a thousand, one more, and more than a byte can count. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000, 1001, 2500})
  void readsBackWhatItWrote(int count) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tensors.add(new Tensor("tensor " + i, List.of(1, 3), PyTorchFixtures.values(i, 3)));
    }
    Path path = folder.resolve("written.pt");
    PyTorchWriter.write(path, tensors);

    if (count == 0) {
      assertThat(Refusals.of(path)).startsWith("holds a dict without named tensors");
      return;
    }
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(file.tensors().sequencedKeySet())
          .containsExactlyElementsOf(tensors.stream().map(Tensor::name).toList());
      for (Tensor tensor : tensors) {
        assertThat(file.tensor(tensor.name()).shape()).isEqualTo(tensor.shape());
        assertThat(file.tensor(tensor.name()).floats()).containsExactly(tensor.data());
      }
    }
  }

  @Test
  void keepsEveryBitOfANumber() throws IOException {
    float[] data = new float[100_001];
    for (int i = 0; i < data.length; i++) {
      data[i] = Float.intBitsToFloat(i * 42_949);
    }
    Path path = folder.resolve("written.pt");
    PyTorchWriter.write(path, List.of(new Tensor("w", List.of(data.length), data)));
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(bits(file.tensor("w").floats())).containsExactly(bits(data));
    }
  }

  @Test
  void equalTensorsGiveEqualBytes() throws IOException {
    List<Tensor> tensors = List.of(new Tensor("Größe", List.of(2), new float[] {1, 2}));
    Path first = folder.resolve("first.pt");
    Path second = folder.resolve("second.pt");
    PyTorchWriter.write(first, tensors);
    PyTorchWriter.write(second, tensors);
    assertThat(first).hasSameBinaryContentAs(second);
  }

  @Test
  void alignsEveryEntry() throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tensors.add(new Tensor("t" + i, List.of(i), new float[i]));
    }
    Path path = folder.resolve("aligned.pt");
    PyTorchWriter.write(path, tensors);
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    int entries = 0;
    for (; file.getInt(at) == 0x04034b50; entries++) {
      int content = at + 30 + file.getShort(at + 26) + file.getShort(at + 28);
      assertThat(content % 64).as("entry %d", entries).isZero();
      at = content + file.getInt(at + 18);
    }
    assertThat(entries).isEqualTo(12 + 3);
  }

  @Test
  void refusesNamesThatAreTaken() {
    Tensor tensor = new Tensor("a", List.of(), new float[1]);
    Path path = folder.resolve("refused.pt");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PyTorchWriter.write(path, List.of(tensor, tensor)))
        .withMessage("the tensor name a is taken; names must differ");
    assertThat(path).doesNotExist();
  }

  private static byte[] content(ZipFile zip, String name) throws IOException {
    try (InputStream content = zip.getInputStream(zip.getEntry(name))) {
      return content.readAllBytes();
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
