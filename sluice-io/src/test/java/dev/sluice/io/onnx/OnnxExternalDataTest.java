package dev.sluice.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors in files beside the model: read from its own folder, and from nowhere else. */
class OnnxExternalDataTest {
  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.createDirectory(folder.resolve("model")).resolve("model.onnx");
    byte[] weights =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(4, 1)
            .putFloat(8, 2)
            .array();
    Files.write(file.resolveSibling("weights.bin"), weights);
    Files.write(Files.createDirectory(file.resolveSibling("below")).resolve("w.bin"), weights);
    Files.write(folder.resolve("secret"), weights);
  }

  /** A tensor of two floats that are somewhere else. */
  private TensorParser.Named read(String location, String... more) throws IOException {
    ProtoWriter tensor = new ProtoWriter().varint(1, 2).varint(2, 1).string(8, "w").varint(14, 1);
    tensor.message(13, new ProtoWriter().string(1, "location").string(2, location));
    for (int i = 0; i < more.length; i += 2) {
      tensor.message(13, new ProtoWriter().string(1, more[i]).string(2, more[i + 1]));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    tensor.writeTo(bytes);
    Files.write(file, bytes.toByteArray());
    return OnnxReader.readTensor(file);
  }

  private void assertRefused(String problem, String location, String... more) {
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> read(location, more))
        .withMessage(file + ": the tensor \"w\" " + problem);
  }

  @Test
  void inTheFolderAndBelow() throws IOException {
    assertThat(read("weights.bin", "offset", "4").constant().orElseThrow().floats())
        .containsExactly(1, 2);
    assertThat(read("below/w.bin", "offset", "8", "length", "8").constant().orElseThrow().floats())
        .containsExactly(2, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "below/../../secret", "/etc/hostname", "", "link", "nul\0"})
  void outsideOfTheFolder(String location) throws IOException {
    Files.createSymbolicLink(file.resolveSibling("link"), folder.resolve("secret"));
    assertRefused(
        "is said to be in the file \"%s\"; only files in the model's own folder are opened"
            .formatted(location.replace("\0", "\\u0000")),
        location);
  }

  @Test
  void whatIsNotThere() {
    assertRefused(
        "is in the file \"other.bin\", which is not there; copy it beside the model", "other.bin");
    assertRefused(
        "is in the file \"below\", which is not there; copy it beside the model", "below");
    assertRefused(
        "is 8 bytes at byte 12 of the file \"weights.bin\", which has only 16",
        "weights.bin",
        "offset",
        "12");
    assertRefused(
        "is 8 bytes at byte 9223372036854775807 of the file \"weights.bin\", which has only 16",
        "weights.bin",
        "offset",
        "9223372036854775807");
    for (String number : new String[] {"-1", "9223372036854775808", "x"}) {
      assertRefused(
          "is at the impossible place \"%s\" of its file".formatted(number),
          "weights.bin",
          "offset",
          number);
    }
    assertRefused(
        "has 4 bytes of data, but its shape [2] of F32 takes 8; the file is damaged or was written"
            + " by a faulty program",
        "weights.bin",
        "length",
        "4");
  }
}
