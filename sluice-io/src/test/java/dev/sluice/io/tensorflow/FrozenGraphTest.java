package dev.sluice.io.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorType;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Constants of frozen graphs in every way that numbers can stand in a TensorProto. */
class FrozenGraphTest {
  @TempDir private Path folder;
  private Path file = Path.of("");
  private final ProtoWriter graph = new ProtoWriter();

  @BeforeEach
  void name() {
    file = folder.resolve("frozen.pb");
  }

  static ProtoWriter tensor(int type, long... shape) {
    ProtoWriter sizes = new ProtoWriter();
    for (long size : shape) {
      sizes.message(2, new ProtoWriter().varint(1, size));
    }
    return new ProtoWriter().varint(1, type).message(2, sizes);
  }

  /** A node of the operator Const. */
  static ProtoWriter constant(String name, ProtoWriter tensor) {
    ProtoWriter type =
        new ProtoWriter().string(1, "dtype").message(2, new ProtoWriter().varint(6, 1));
    ProtoWriter value =
        new ProtoWriter().string(1, "value").message(2, new ProtoWriter().message(8, tensor));
    return new ProtoWriter().string(1, name).string(2, "Const").message(5, type).message(5, value);
  }

  private void add(String name, ProtoWriter tensor) {
    graph.message(1, constant(name, tensor));
  }

  private TensorFlowFile open() throws IOException {
    Files.write(file, BundleWriter.bytes(graph));
    return TensorFlowFile.open(file);
  }

  private void assertRefused(String problem) throws IOException {
    Files.write(file, BundleWriter.bytes(graph));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(file))
        .withMessage(file + ": " + problem);
  }

  @Test
  void numbersInEveryWay() throws IOException {
    add("content", tensor(1, 2).floatBytes(4, new float[] {1, 2}));
    add("listed", tensor(1, 2).real(5, 3).real(5, 4));
    add("packed", tensor(1, 2).floatBytes(5, new float[] {5, 6}));
    add("repeated", tensor(1, 2, 2).real(5, 7));
    add("tail", tensor(1, 4).real(5, 8).real(5, 9));
    add("zero", tensor(1, 3));
    add("half", tensor(19, 2).varint(13, 15360).varint(13, 16384));
    add("bfloat", tensor(14, 1).varint(13, 16256));
    add("ints", tensor(3, 3).varint(7, 1).varint(7, -2));
    add("long", tensor(9).varint(10, 1L << 40));
    add("flag", tensor(10, 1).varint(11, 1));
    add("text", tensor(7).string(8, "x"));
    graph.message(1, new ProtoWriter().string(1, "other").string(2, "MatMul"));
    try (TensorFlowFile opened = open()) {
      assertThat(opened.tensor("content").floats()).containsExactly(1, 2);
      assertThat(opened.tensor("listed").floats()).containsExactly(3, 4);
      assertThat(opened.tensor("packed").floats()).containsExactly(5, 6);
      assertThat(opened.tensor("repeated").floats()).containsExactly(7, 7, 7, 7);
      assertThat(opened.tensor("repeated").shape()).containsExactly(2, 2);
      assertThat(opened.tensor("tail").floats()).containsExactly(8, 9, 9, 9);
      assertThat(opened.tensor("zero").floats()).containsExactly(0, 0, 0);
      assertThat(opened.tensor("half").floats()).containsExactly(1, 2);
      assertThat(opened.tensor("bfloat").floats()).containsExactly(1);
      assertThat(opened.tensor("bfloat").type()).isEqualTo(TensorType.BF16);
      assertThat(opened.tensor("ints").longs()).containsExactly(1, -2, -2);
      assertThat(opened.tensor("long").longs()).containsExactly(1L << 40);
      assertThat(opened.tensor("flag").longs()).containsExactly(1);
      assertThat(opened.unread()).containsExactly("text");
      assertThat(opened.tensors()).hasSize(11);
    }
  }

  @Test
  void oneNumberForABillion() throws IOException {
    add("w", tensor(1, 1 << 15, 1 << 15).real(5, 1));
    assertRefused(
        "the tensor \"w\" has 1 numbers for its shape [32768, 32768]; the file is damaged");
  }

  @Test
  void aMillionNodes() throws IOException {
    for (int i = 0; i < 1_000_000; i++) {
      add("", tensor(1, 0));
    }
    for (int i = 0; i < 100_000; i++) {
      add("w" + i, tensor(1, 0));
    }
    Files.write(file, BundleWriter.bytes(graph));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (TensorFlowFile opened = TensorFlowFile.open(file)) {
      assertThat(opened.tensors()).hasSize(100_001);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(64 * Files.size(file));
  }

  @Test
  void messagesInMessagesWithoutEnd() throws IOException {
    ProtoWriter nested = new ProtoWriter();
    for (int depth = 0; depth < 10_000; depth++) {
      nested = new ProtoWriter().message(5, nested);
    }
    graph.message(1, nested);
    try (TensorFlowFile opened = open()) {
      assertThat(opened.tensors()).isEmpty();
    }
  }

  @Test
  void aLengthBeyondAllNumbers() throws IOException {
    byte[] bytes = {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    Files.write(file, bytes);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(file))
        .withMessage(
            file
                + ": a field of 18446744073709551615 bytes does not fit in the 0 that follow (byte"
                + " 0); the file was cut short, is damaged, or is of another kind");
  }

  @Test
  void shapesThatAreNotThoseOfTheData() throws IOException {
    add("w", tensor(1, 3).floatBytes(4, new float[2]));
    assertRefused(
        "the tensor \"w\" has 8 bytes of data, but its shape [3] of F32 takes 12; the file is"
            + " damaged");
  }

  @Test
  void moreNumbersThanTheShapeTakes() throws IOException {
    add("w", tensor(1, 1).real(5, 1).real(5, 2));
    assertRefused("the tensor \"w\" has 2 numbers for its shape [1]; the file is damaged");
  }

  @Test
  void negativeSizes() throws IOException {
    add("w", tensor(1, -1).real(5, 1));
    assertRefused("the tensor \"w\" has a dimension of size -1; the file is damaged");
  }

  @Test
  void whatIsNoGraph() throws IOException {
    assertRefused("holds no nodes; is it a graph of TensorFlow at all?");
    graph.varint(1, 8); // as ONNX models begin
    assertRefused(
        "field 1 was to hold a message, but has wire type 0 (byte 0); the file was cut short, is"
            + " damaged, or is of another kind");
  }
}
