package dev.sluice.io.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorType;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints: what they hold, how they are named, and every kind of damage. */
class TensorFlowFileTest {
  private static final String CUT = "; it was cut short, or is of another kind";

  /** Checksums. */
  private static final int NOTHING = 0xa282ead8;

  private static final int GIGABYTE_OF_ZEROS = 0x816cf1b4;

  @TempDir private Path folder;

  private final BundleWriter writer = new BundleWriter();

  private Path prefix() {
    return folder.resolve("model.ckpt-7");
  }

  private Path index() {
    return folder.resolve("model.ckpt-7.index");
  }

  private void assertRefused(String problem) {
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(prefix()))
        .withMessage(index() + ": " + problem);
  }

  @Test
  void tensorsOfEveryKind() throws IOException {
    writer.add("scalar", List.of(), 0.5f);
    writer.add("double", 2, List.of(1), new byte[] {0, 0, 0, 0, 0, 0, -16, 63});
    writer.add("int", 3, List.of(2), new byte[] {1, 0, 0, 0, -1, -1, -1, -1});
    writer.add("long", 9, List.of(1), new byte[] {2, 0, 0, 0, 0, 0, 0, 0});
    writer.add("half", 19, List.of(1), new byte[] {0, 60});
    writer.add("bfloat", 14, List.of(1), new byte[] {0, 64});
    writer.add("text", 7, List.of(), new byte[] {2, 'a', 'b'});
    for (int i = 0; i < 40; i++) {
      writer.add("layer_%02d/kernel".formatted(i), List.of(1, 2), i, -i);
    }
    try (TensorFlowFile file = TensorFlowFile.open(writer.write(prefix()))) {
      assertThat(file.tensors()).hasSize(46);
      assertThat(file.unread()).containsExactly("text");
      assertThat(file.file()).isEqualTo(index());
      assertThat(file.tensor("scalar").floats()).containsExactly(0.5f);
      assertThat(file.tensor("double").doubles()).containsExactly(1);
      assertThat(file.tensor("int").longs()).containsExactly(1, -1);
      assertThat(file.tensor("long").longs()).containsExactly(2);
      assertThat(file.tensor("half").floats()).containsExactly(1);
      assertThat(file.tensor("bfloat").type()).isEqualTo(TensorType.BF16);
      assertThat(file.tensor("bfloat").floats()).containsExactly(2);
      assertThat(file.tensor("layer_39/kernel").shape()).containsExactly(1, 2);
      assertThat(file.tensor("layer_39/kernel").floats()).containsExactly(39, -39);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.ckpt-7",
        "model.ckpt-7.index",
        "model.ckpt-7.meta",
        "model.ckpt-7.data-00000-of-00001",
        ".",
        "checkpoint-7/model"
      })
  void everyWayToNameIt(String name) throws IOException {
    writer.add("w", List.of(1), 3).write(prefix());
    writer.write(Files.createDirectory(folder.resolve("checkpoint-7")).resolve("model"));
    Files.writeString(
        folder.resolve("checkpoint"),
        """
        all_model_checkpoint_paths: "model.ckpt-0"
        model_checkpoint_path: "/home/somebody/model.ckpt-7"
        """);
    try (TensorFlowFile file = TensorFlowFile.open(folder.resolve(name))) {
      assertThat(file.tensor("w").floats()).containsExactly(3);
    }
  }

  @Test
  void ofASavedModel() throws IOException {
    Path variables = Files.createDirectory(folder.resolve("variables")).resolve("variables");
    writer.add("w", List.of(1), 3).write(variables);
    Path graph = Files.createFile(folder.resolve("saved_model.pb"));
    for (Path named : List.of(folder, graph, folder.resolve("variables"), variables)) {
      try (TensorFlowFile file = TensorFlowFile.open(named)) {
        assertThat(file.tensor("w").floats()).containsExactly(3);
      }
    }
  }

  /** The list is of another's computer, or says where it should not be looked. */
  @ParameterizedTest
  @CsvSource({
    "../secret, secret.index: cannot be read (no such file or folder: ",
    "C:\\models\\old, old.index: cannot be read (no such file or folder: ",
    "a\0b, 'checkpoint: names the impossible file \"a\\u0000b\"'",
    "'', checkpoint: names no newest checkpoint; name the file that ends in .index",
    "a/, checkpoint: names no newest checkpoint; name the file that ends in .index"
  })
  void foldersThatListWhatIsNotThere(String listed, String problem) throws IOException {
    Files.writeString(
        folder.resolve("checkpoint"), "model_checkpoint_path: \"%s\"".formatted(listed));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(folder))
        .withMessageStartingWith("%s/%s", folder, problem);
  }

  @Test
  void foldersThatListNothing() throws IOException {
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(folder))
        .withMessage(folder + ": is a folder without a checkpoint of TF1; name the file");
    writer.add("w", List.of(1), 3).write(prefix());
    try (TensorFlowFile file = TensorFlowFile.open(folder)) {
      assertThat(file.file()).isEqualTo(index());
    }
    writer.write(folder.resolve("model.ckpt-8"));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(folder))
        .withMessage(
            "%s: has 2 checkpoints; name one of them, such as \"%s\"",
            folder, index().getFileName());
  }

  @Test
  void aGraphWhoseVariablesAreNotThere() throws IOException {
    Path meta = Files.createFile(folder.resolve("model.ckpt-7.meta"));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(meta))
        .withMessage("%s: cannot be read (no such file or folder: %s)", index(), index());
  }

  @Test
  void partsThatAreMissing() throws IOException {
    writer.add("w", List.of(2), 1, 2).write(prefix());
    Path data = folder.resolve("model.ckpt-7.data-00000-of-00001");
    Files.write(data, new byte[4]);
    assertRefused(
        "the tensor \"w\" is 8 bytes at byte 0 of the data, which has only 4; was it cut short?");
    Files.delete(data);
    assertRefused(
        "the tensor \"w\" is in the file model.ckpt-7.data-00000-of-00001, which is not there; copy"
            + " it beside the index");
  }

  @Test
  void wrongChecksums() throws IOException {
    writer.add("w", List.of(2), 1, 2).write(prefix());
    Path data = folder.resolve("model.ckpt-7.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[5] ^= 1;
    Files.write(data, bytes);
    assertRefused(
        "the tensor \"w\" has another checksum than when it was saved; copy or download the"
            + " checkpoint again");
    bytes = Files.readAllBytes(index());
    bytes[3] ^= 1;
    Files.write(index(), bytes);
    assertRefused(
        "the block at byte 0 has another checksum than when it was written; the file is damaged");
  }

  @Test
  void whatIsNoCheckpoint() throws IOException {
    Files.write(index(), new byte[100]);
    assertRefused("does not end as an index does" + CUT);
    writer.add("w", List.of(1), 1).write(prefix());
    byte[] bytes = Files.readAllBytes(index());
    Files.write(index(), Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused("does not end as an index does" + CUT);
    Path old = folder.resolve("old.ckpt");
    Files.write(old, bytes);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(old))
        .withMessage(
            old
                + ": is a checkpoint of version 1; save it anew with TensorFlow 0.12 or later,"
                + " which writes an index and data");
  }

  @Test
  void blocksThatAreCompressed() throws IOException {
    writer.add("w", List.of(1), 1).compressed().write(prefix());
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(prefix()))
        .withMessageContaining("is compressed, which TensorFlow does not do; the file is damaged");
  }

  @Test
  void entriesThatClaimWhatIsNotSo() throws IOException {
    writer.add("y", List.of(2), 1, 2);
    assertRefusedEntry(
        BundleWriter.entry(1, List.of(3), 0, 8),
        "has 8 bytes of data, but its shape [3] of F32 takes 12; the file is damaged");
    assertRefusedEntry(
        BundleWriter.entry(1, List.of(-2), 0, 8),
        "has a dimension of size -2; the file is damaged");
    int most = Integer.MAX_VALUE;
    assertRefusedEntry(
        BundleWriter.entry(1, List.of(most, most, most), 0, 8),
        "is too large with its shape [2147483647, 2147483647, 2147483647]; the file is damaged");
    assertRefusedEntry(
        BundleWriter.entry(1, List.of(2), Long.MAX_VALUE, 8),
        "is 8 bytes at byte 9223372036854775807 of the data, which has only 8; was it cut short?");
    assertRefusedEntry(
        BundleWriter.entry(1, List.of(2), 0, 8).varint(3, 5),
        "is in part 5 of 1 of the data; the index is damaged");
    assertRefusedEntry(
        BundleWriter.entry(1, List.of(2), 0, 8).message(7, new ProtoWriter()),
        "is stored in parts; save the checkpoint from a graph without a partitioner");
    int checksum = MaskedCrc.of(MemorySegment.ofArray(writer.data()));
    writer.addEntry(
        "x", BundleWriter.bytes(BundleWriter.entry(1, List.of(2), 0, 8).fixed32(6, checksum)));
    writer.write(prefix());
    assertRefused(
        "the tensor \"y\" takes bytes that are another tensor's too; the index is damaged");
  }

  private void assertRefusedEntry(ProtoWriter entry, String problem) throws IOException {
    writer.addEntry("x", BundleWriter.bytes(entry)).write(prefix());
    assertRefused("the tensor \"x\" " + problem);
  }

  /** As a partitioner stores a variable: no numbers of its own, and a key that is no text for each part. */
  @Test
  void variablesInParts() throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    entries.put("", BundleWriter.bytes(new ProtoWriter().varint(1, 1)));
    for (char from : new char[] {128, 133}) {
      entries.put("\0w\0\1" + from, BundleWriter.bytes(BundleWriter.entry(1, List.of(5), 0, 20)));
    }
    entries.put(
        "w",
        BundleWriter.bytes(BundleWriter.entry(1, List.of(10), 0, 0).message(7, new ProtoWriter())));
    Files.write(index(), writer.index(entries));
    assertRefused(
        "the tensor \"w\" is stored in parts; save the checkpoint from a graph without a"
            + " partitioner");
  }

  /** As long as the keys are short, and all that is said of them is a name. */
  @Test
  void aMillionEntries() throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    entries.put("", BundleWriter.bytes(new ProtoWriter().varint(1, 1)));
    byte[] entry = BundleWriter.bytes(BundleWriter.entry(1, List.of(0), 0, 0).fixed32(6, NOTHING));
    for (int i = 0; i < 1_000_000; i++) {
      entries.put("%06d".formatted(i), entry);
    }
    Files.write(index(), writer.inOneBlock().index(entries));
    Files.createFile(folder.resolve("model.ckpt-7.data-00000-of-00001"));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (TensorFlowFile file = TensorFlowFile.open(index())) {
      assertThat(file.tensors()).hasSize(1_000_000);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(64 * Files.size(index()));
  }

  /** All of it is read once, for the checksum, but never on the heap. */
  @Test
  void aGigabyteCostsNoHeap() throws IOException {
    long bytes = 1L << 30;
    Path data = folder.resolve("model.ckpt-7.data-00000-of-00001");
    writer.addEntry(
        "w",
        BundleWriter.bytes(
            BundleWriter.entry(1, List.of(1 << 14, 1 << 14), 0, bytes)
                .fixed32(6, GIGABYTE_OF_ZEROS)));
    writer.write(prefix());
    try (RandomAccessFile sparse = new RandomAccessFile(data.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    TensorFlowFile.open(prefix()).close(); // loads the classes
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (TensorFlowFile file = TensorFlowFile.open(prefix())) {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
      assertThat(file.tensor("w").shape()).containsExactly(1 << 14, 1 << 14);
    }
  }

  @Test
  void aBigEndianMachine() throws IOException {
    writer.addEntry("", BundleWriter.bytes(new ProtoWriter().varint(1, 1).varint(2, 1)));
    writer.write(prefix());
    assertRefused("was saved on a big-endian machine; save the checkpoint anew on another");
  }

  @Test
  void keysThatShareWithoutEnd() throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      entries.put(key.append('k').toString(), new byte[0]);
    }
    Files.write(index(), writer.inOneBlock().index(entries));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(prefix()))
        .withMessageContaining("has keys far longer than the file; the file is damaged");
  }

  @Test
  void namesOfAHostileIndexAreShownInOneLine() throws IOException {
    String name = "a\n\u001b[31m" + "b".repeat(100);
    writer.addEntry(
        new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8),
        BundleWriter.bytes(BundleWriter.entry(1, List.of(2), 0, 8)));
    writer.write(prefix());
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> TensorFlowFile.open(prefix()))
        .withMessageContaining("\"a\\u000a\\u001b[31m" + "b".repeat(73) + "...\" (107 characters)")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }
}
