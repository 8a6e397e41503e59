package dev.sluice.io.keras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.Tensor;
import dev.sluice.io.hdf5.GroupDraft;
import dev.sluice.io.hdf5.Hdf5Writer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that lie, each in its own way: all are refused in one line, and none costs time or memory. */
class HostileKerasFileTest {
  private static final String DAMAGED = "; the file is damaged or was cut short";

  @TempDir private Path folder;

  @Test
  void cutShortAnywhere() throws IOException {
    for (String name : List.of("keras1_gru.h5", "keras3_functional.keras")) {
      byte[] whole = Files.readAllBytes(KerasFiles.file(name));
      for (int length = 0; length < whole.length; length += 97) {
        assertThat(refusal(Arrays.copyOf(whole, length))).isNotEmpty();
      }
    }
  }

  @Test
  void noFileOfKeras() {
    assertThat(refusal("{}".getBytes(UTF_8)))
        .isEqualTo(
            "begins neither as an HDF5 file nor as a zip file; is it a file of Keras, and whole?");
    GroupDraft other = new GroupDraft();
    other.group("spectra");
    assertThat(refusal(bytes(other)))
        .isEqualTo(
            "is an HDF5 file without weights of Keras (layer_names, or layers); it holds"
                + " \"spectra\"");
  }

  @Test
  void hugeDimensions() {
    assertThat(refusal(patched(dense(), longs(5, 7), longs(1L << 62, 7))))
        .startsWith("HDF5: object header at byte")
        .endsWith("has a dimension of 4611686018427387904, beyond every array" + DAMAGED);
    assertThat(refusal(patched(dense(), longs(5, 7), longs(Integer.MAX_VALUE, Integer.MAX_VALUE))))
        .isEqualTo(
            "HDF5: the array \"kernel\" has the shape [2147483647, 2147483647] of 4 bytes each, but"
                + " there are only 140 bytes"
                + DAMAGED);
  }

  /** A tree whose only child is itself. */
  @Test
  void aTreeThatGoesInACircle() {
    byte[] file = dense();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int tree = indexOf(file, "TREE".getBytes(UTF_8), 0);
    for (; tree >= 0; tree = indexOf(file, "TREE".getBytes(UTF_8), tree + 1)) {
      bytes.put(tree + 5, (byte) 1); // one level above its children
      bytes.putLong(tree + 32, tree);
    }
    assertThat(refusal(file))
        .isEqualTo(
            "HDF5: more than 16 times its size is to be read, so its parts overlap or go in a"
                + " circle"
                + DAMAGED);
  }

  /** A layer that holds itself as its cell. */
  @Test
  void groupsThatGoInACircle() {
    GroupDraft root = new GroupDraft();
    root.group("layers/lstm/cell");
    byte[] file = bytes(root);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int cell = indexOf(file, "SNOD".getBytes(UTF_8), 0);
    int lstm = indexOf(file, "SNOD".getBytes(UTF_8), cell + 1); // what is in lstm: its cell
    int layers = indexOf(file, "SNOD".getBytes(UTF_8), lstm + 1); // what is in layers: lstm
    bytes.putLong(lstm + 16, bytes.getLong(layers + 16));
    KerasContents contents = KerasReader.read(write(file));
    assertThat(contents.network()).isEmpty();
    assertThat(contents.obstacle()).isEqualTo("no layer has weights");
  }

  /** Sixty thousand links cost no more than a small multiple of what they take in the file. */
  @Test
  void groupsWithoutEnd() {
    GroupDraft root = new GroupDraft();
    root.attribute("layer_names", "a");
    for (int i = 0; i < 60_000; i++) {
      root.array(new Tensor("%05d".formatted(i), List.of(0), new float[0]));
    }
    byte[] file = bytes(root);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThat(refusal(file)).isNotEmpty(); // loads classes
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(refusal(file)).startsWith("layer_names names \"a\", which is not there");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(1_000_000 + 16L * file.length);
  }

  /** The same numbers as the weights of a thousand layers. */
  @Test
  void oneArrayForAllLayers() {
    GroupDraft root = new GroupDraft();
    root.attribute("layer_names", List.of("dense"));
    root.group("dense").attribute("weight_names", Collections.nCopies(1000, "k"));
    root.array(new Tensor("dense/k", List.of(100, 100), new float[10_000]));
    assertThat(refusal(bytes(root))).startsWith("HDF5: more than 16 times its size is to be read");
  }

  @Test
  void compressedArrays() throws IOException {
    assertThat(refusal(Files.readAllBytes(KerasFiles.file("compressed.h5"))))
        .isEqualTo(
            "HDF5: the array \"dense_1/kernel:0\" is stored in chunks, perhaps compressed, or as"
                + " HDF5 before 1.6 did, which Keras never writes and is not read here; load the"
                + " model in Keras and save it anew");
  }

  /** Ten megabytes in ten kilobytes: nothing is ever inflated. */
  @Test
  void aZipBomb() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("config.json"));
      for (int i = 0; i < 1000; i++) {
        zip.write(new byte[10_000]);
      }
    }
    assertThat(refusal(out.toByteArray()))
        .isEqualTo(
            "the entry \"config.json\" is compressed or encrypted, which Keras never does; was the"
                + " file zipped again? load it in Keras and save it anew");
  }

  @Test
  void aConfigurationWithoutBottom() {
    assertThat(refusal(model("{\"config\":" + "[".repeat(100_000))))
        .startsWith("model_config is no valid JSON (Document nesting depth");
  }

  @Test
  void weightsOfAnotherModel() {
    assertThat(refusal(model(layers("Dense", "\"use_bias\":true"))))
        .isEqualTo("the layer \"d\": expected 2 arrays (kernel, bias), found 1");
    assertThat(refusal(model(layers("SimpleRNN", "\"units\":3,\"use_bias\":false"))))
        .isEqualTo("the layer \"d\": expected 2 arrays (kernel, recurrent kernel), found 1");
    assertThat(refusal(model(layers("Embedding", "\"input_dim\":1").replace("\"d\"", "\"x\""))))
        .isEqualTo("the layer \"x\": expected 1 arrays (embeddings), found 0");
  }

  @Test
  void whatANetworkCannotDoIsNamed() {
    assertThat(obstacle(layers("LSTM", "\"time_major\":true")))
        .isEqualTo(
            "the layer \"d\" of kind \"LSTM\": time_major is not supported; steps come second in"
                + " Keras");
    assertThat(obstacle(layers("Dense", "\"use_bias\":false,\"activation\":\"swish\"")))
        .startsWith(
            "the layer \"d\" of kind \"Dense\": unknown activation \"swish\"; known are tanh")
        .endsWith("softmax");
    assertThat(obstacle(layers("Conv1D", "\"filters\":3")))
        .startsWith("the layer \"d\" of kind \"Conv1D\": supported are Embedding, Masking, LSTM");
    assertThat(obstacle(layers("RepeatVector", "\"n\":99999999999")))
        .isEqualTo("the layer \"d\" of kind \"RepeatVector\": n is no whole number from 1 on");
  }

  private String obstacle(String config) {
    return KerasReader.read(write(model(config))).obstacle();
  }

  private static String layers(String kind, String settings) {
    return "{\"class_name\":\"Sequential\",\"config\":[{\"class_name\":\"%s\",\"config\":{\"name\":\"d\",%s}}]}"
        .formatted(kind, settings);
  }

  /** A whole model with one array of 5 · 7 numbers. */
  private static byte[] model(String config) {
    GroupDraft root = new GroupDraft();
    for (int i = 0; i <= config.length() / 60_000; i++) {
      int end = Math.min(config.length(), (i + 1) * 60_000);
      root.attribute("model_config" + i, config.substring(i * 60_000, end));
    }
    GroupDraft weights = root.group("model_weights");
    weights.attribute("layer_names", List.of("d"));
    weights.group("d").attribute("weight_names", List.of("kernel"));
    weights.group("d").array(new Tensor("kernel", List.of(5, 7), new float[35]));
    return bytes(root);
  }

  private static byte[] dense() {
    return model(layers("Dense", "\"use_bias\":false"));
  }

  private static byte[] bytes(GroupDraft root) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new Hdf5Writer(root).writeTo(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.array();
  }

  private static byte[] patched(byte[] file, byte[] old, byte[] now) {
    byte[] patched = file.clone();
    int at = indexOf(file, old, 0);
    assertThat(at).isPositive();
    System.arraycopy(now, 0, patched, at, now.length);
    return patched;
  }

  private static int indexOf(byte[] bytes, byte[] pattern, int from) {
    for (int i = from; i <= bytes.length - pattern.length; i++) {
      if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
        return i;
      }
    }
    return -1;
  }

  private Path write(byte[] file) {
    try {
      return Files.write(folder.resolve("file"), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What reading {@code file} says, without the name of the file. */
  private String refusal(byte[] file) {
    Path path = write(file);
    ModelFileException e =
        catchThrowableOfType(ModelFileException.class, () -> KerasReader.read(path));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).startsWith(path + ": ").hasLineCount(1);
    return String.valueOf(e.getMessage()).substring((path + ": ").length());
  }
}
