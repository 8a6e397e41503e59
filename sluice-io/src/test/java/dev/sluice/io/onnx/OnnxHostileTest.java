package dev.sluice.io.onnx;

import static dev.sluice.io.onnx.GraphWriter.FLOAT;
import static dev.sluice.io.onnx.GraphWriter.attribute;
import static dev.sluice.io.onnx.GraphWriter.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that claim what is not so, and files made to do harm: each is refused in one line, at little cost. */
@Timeout(60)
class OnnxHostileTest {
  private static final String DAMAGED =
      "; the file was cut short, is damaged, or is of another kind";
  private static final String FAULTY = "; the file is damaged or was written by a faulty program";

  private final GraphWriter graph = new GraphWriter();

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("model.onnx");
  }

  private void assertRefused(String problem) {
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> OnnxReader.read(file))
        .withMessage(file + ": " + problem);
  }

  /** A model whose graph has one field more. */
  private void write(int field, ProtoWriter message) throws IOException {
    ProtoWriter model =
        new ProtoWriter().message(7, new ProtoWriter().string(2, "g").message(field, message));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.writeTo(bytes);
    Files.write(file, bytes.toByteArray());
  }

  private static ProtoWriter tensor(int type, long... shape) {
    ProtoWriter tensor = new ProtoWriter().string(8, "w");
    for (long size : shape) {
      tensor.varint(1, size);
    }
    return tensor.varint(2, type);
  }

  @Test
  void whatIsNoModel() throws IOException {
    assertRefused("cannot be read (no such file or folder: " + file + ")");
    Files.createFile(file);
    assertRefused("holds no graph; is it an ONNX model at all?");
    Files.writeString(file, "import torch\n", StandardCharsets.UTF_8);
    assertRefused("a field of 99 bytes does not fit in the 2 that follow (byte 9)" + DAMAGED);
    Files.write(file, new byte[] {'P', 'K', 3, 4});
    assertRefused("there is no field 0 (byte 2)" + DAMAGED);
  }

  @Test
  void aFileThatWasCutShort() throws IOException {
    graph.constant("w", new float[100], 100);
    graph.write(file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> OnnxReader.read(file))
        .withMessageMatching(".*: a field of \\d+ bytes does not fit in the \\d+ that follow.*");
  }

  @Test
  void aLengthBeyondAllNumbers() throws IOException {
    Files.write(
        file, new byte[] {0x3a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}); // field 7, 2^64 - 1 bytes
    assertRefused(
        "a field of 18446744073709551615 bytes does not fit in the 0 that follow (byte 0)"
            + DAMAGED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | has a dimension of size -1",
        "2147483648 | has a dimension of size 2147483648",
        "5 | has 12 bytes of data, but its shape [5] of F32 takes 20",
        "2147483647 2 | is too large with its shape [2147483647, 2]",
        "2147483647 2147483647 2147483647 | is too large with its shape [2147483647, 2147483647,"
            + " 2147483647]",
        "0 0 0 | has 12 bytes of data, but its shape [0, 0, 0] of F32 takes 0",
      })
  void shapesThatAreNotThoseOfTheData(String shape, String problem) throws IOException {
    long[] sizes = Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
    write(5, tensor(FLOAT, sizes).floatBytes(9, new float[3]));
    assertRefused("the tensor \"w\" " + problem + FAULTY);
  }

  @Test
  void numbersThatAreMissing() throws IOException {
    write(5, tensor(FLOAT, 1000, 1000));
    assertRefused(
        "the tensor \"w\" has 0 numbers, but its shape [1000, 1000] takes 1000000" + FAULTY);
    write(5, tensor(10, 2).varint(5, 15360)); // half, as whole numbers
    assertRefused("the tensor \"w\" has 1 numbers, but its shape [2] takes 2" + FAULTY);
  }

  @Test
  void cyclicBranches() throws IOException {
    ProtoWriter inner = new ProtoWriter().string(2, "g");
    for (int i = 0; i < 40; i++) {
      ProtoWriter branch =
          new ProtoWriter().string(1, "then_branch").message(6, inner).varint(20, 5);
      ProtoWriter node = new ProtoWriter().string(4, "If").message(5, branch);
      inner = new ProtoWriter().message(1, node);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ProtoWriter().message(7, inner).writeTo(bytes);
    Files.write(file, bytes.toByteArray());
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> OnnxReader.read(file))
        .withMessageContaining("messages are nested more than 100 deep");
  }

  @Test
  void nodesThatReadEachOther() throws IOException {
    graph.node("Relu", "first", List.of("b"), List.of("a"));
    graph.node("Relu", "second", List.of("a"), List.of("b"));
    graph.write(file);
    assertRefused(
        "Relu \"first\" reads \"b\", which nothing before it makes; the file is damaged, or its"
            + " nodes are out of order");
  }

  @Test
  void aValueThatIsMadeTwice() throws IOException {
    graph.node("Relu", "first", List.of(graph.input("x", FLOAT)), List.of("y"));
    graph.node("Relu", "second", List.of("x"), List.of("y"));
    graph.write(file);
    assertRefused("Relu \"second\" makes \"y\" a second time; the file is damaged");
  }

  @Test
  void aNodeWithoutAnOperator() throws IOException {
    write(1, new ProtoWriter().string(3, "nameless\n").string(2, "y"));
    assertRefused(
        "the node \"nameless\\u000a\" has no operator; the file is damaged, or no ONNX model");
  }

  @Test
  void constantsThatCannotBeComputed() throws IOException {
    String w = graph.constant("w", new float[6], 2, 3);
    graph.node("Transpose", "t", List.of(w), GraphWriter.longsAttribute("perm", 0, 0));
    graph.write(file);
    assertRefused("Transpose \"t\" cannot be computed: axis 0 comes twice; the file is damaged");
  }

  @Test
  void constantsThatGrowWithoutEnd() throws IOException {
    String w = graph.constant("w", new float[] {1}, 1);
    for (int i = 0; i < 200; i++) {
      w = graph.node("Concat", "concat", List.of(w, w), attribute("axis", 0));
    }
    String huge = graph.constant("huge", Integer.MAX_VALUE, Integer.MAX_VALUE);
    graph.node("Expand", "expand", List.of(graph.constant("one", new float[] {1}, 1), huge));
    graph.node("ConstantOfShape", "zeros", List.of(graph.constant("large", 1L << 30)));
    assertCheap(contents -> assertThat(contents.others()).hasSizeGreaterThan(100));
  }

  @Test
  void dimensionsThatGrowWithoutEnd() throws IOException {
    String w = graph.constant("w", new float[] {1}, 1);
    String axis = graph.constant("axis", 0L);
    for (int i = 0; i < 5000; i++) {
      w = graph.node("Unsqueeze", "unsqueeze", List.of(w, axis));
    }
    assertCheap(contents -> assertThat(contents.others()).hasSizeGreaterThan(4900));
  }

  @Test
  void weightsThatAreUsedWithoutEnd() throws IOException {
    String x = graph.input("x", FLOAT, size("time"), size("batch"), size(8));
    String w = graph.constant("w", new float[3 * 64 * 8], 1, 3 * 64, 8);
    String r = graph.constant("r", new float[3 * 64 * 64], 1, 3 * 64, 64);
    for (int i = 0; i < 10_000; i++) {
      graph.node("GRU", "gru" + i, List.of(x, w, r), List.of("y" + i));
    }
    graph.write(file);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> OnnxReader.read(file))
        .withMessageContaining(
            ": so many nodes share weights that reading them all would take many times the memory");
  }

  @Test
  void aMillionNodes() throws IOException {
    String x = graph.input("x", FLOAT);
    for (int i = 0; i < 1_000_000; i++) {
      graph.node("R", "", List.of(x), List.of("y" + i));
    }
    assertCheap(contents -> assertThat(contents.others()).hasSize(1_000_000));
  }

  @Test
  void manyConstants() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      graph.node("Constant", "", List.of(), List.of("c" + i), attribute("value_int", i));
    }
    assertCheap(contents -> assertThat(contents.obstacle()).startsWith("there is no recurrent"));
  }

  @Test
  void weightsOfAnotherShape() throws IOException {
    String x = graph.input("x", FLOAT, size("time"), size("batch"), size(2));
    String w = graph.constant("w", new float[24], 1, 12, 2);
    String r = graph.constant("r", new float[48], 1, 12, 4);
    graph.node("LSTM", "rnn", List.of(x, w, r), attribute("hidden_size", 3));
    graph.write(file);
    assertRefused("LSTM \"rnn\": hidden_size is 3, but R is for 4 units");
  }

  @Test
  void anUnknownActivation() throws IOException {
    String x = graph.input("x", FLOAT, size("time"), size("batch"), size(2));
    String w = graph.constant("w", new float[6], 1, 3, 2);
    String r = graph.constant("r", new float[9], 1, 3, 3);
    graph.node(
        "RNN",
        "rnn",
        List.of(x, w, r),
        GraphWriter.stringsAttribute("activations", List.of("Exp")));
    graph.write(file);
    assertRefused("RNN \"rnn\": ONNX has no activation \"Exp\"");
  }

  private void assertCheap(Consumer<OnnxContents> check) throws IOException {
    graph.write(file);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    OnnxContents contents = OnnxReader.read(file);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(1_000_000 + 64 * Files.size(file));
    check.accept(contents);
  }
}
