package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds the pickle and the numbers may be damaged, foreign or lying: one line says so. */
class HostilePyTorchFileTest {
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final byte[] NUMBERS = new byte[6 * Float.BYTES];
  private static final byte[] PICKLE =
      new PickleBytes().op(Opcodes.EMPTY_DICT).text("w").tensor(6).op(Opcodes.SETITEM).done();

  @TempDir private Path folder;

  @Test
  void theHonestFileIsRead() throws IOException {
    Path path = save(ZipBytes.torch(PICKLE, NUMBERS));
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(file.tensor("w").floats()).containsExactly(0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void whatIsNoFileOfPyTorch() throws IOException {
    String neither =
        "begins neither as a zip file nor as torch.save began before PyTorch 1.6; is it a file of"
            + " PyTorch, and whole?";
    assertThat(refusal(new byte[0])).isEqualTo(neither);
    assertThat(refusal("PK".getBytes(StandardCharsets.US_ASCII))).isEqualTo(neither);
    assertThat(refusal(PICKLE)).isEqualTo(neither);
    assertThat(Refusals.of(folder)).isEqualTo("is not a file; name the PyTorch file itself");
    Path missing = folder.resolve("missing");
    assertThat(Refusals.of(missing))
        .isEqualTo("cannot be read (no such file or folder: %s)", missing);
  }

  @Test
  void aZipFileOfAnotherProgram() throws IOException {
    String other =
        "is a zip file with %d entries FOLDER/data.pkl where torch.save writes one; is"
            + " it a file of another program?";
    assertThat(refusal(new ZipBytes().add("config.json", NUMBERS).done()))
        .isEqualTo(other.formatted(0));
    assertThat(refusal(new ZipBytes().add("data.pkl", PICKLE).done()))
        .isEqualTo(other.formatted(0));
    assertThat(refusal(new ZipBytes().add("a/b/data.pkl", PICKLE).done()))
        .isEqualTo(other.formatted(0));
    assertThat(refusal(new ZipBytes().add("a/xdata.pkl", PICKLE).done()))
        .isEqualTo(other.formatted(0));
    ZipBytes two = new ZipBytes().add("a/data.pkl", PICKLE).add("b/data.pkl", PICKLE);
    assertThat(refusal(two.done())).isEqualTo(other.formatted(2));
    assertThat(refusal(new ZipBytes().add("old/model.json", NUMBERS).done()))
        .isEqualTo(
            "is TorchScript of PyTorch 1.3 or older; load it in a newer one and save it anew");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"state_dict.pt", "types_and_views_legacy.pt", "checkpoint_protocol5_legacy.pt"})
  void aFileCutShort(String name) throws IOException {
    byte[] whole = Files.readAllBytes(PyTorchFixtures.path(name));
    for (int length = 0; length < whole.length; length += 7) {
      assertThat(refusal(Arrays.copyOf(whole, length)))
          .containsAnyOf("cut short", "is it a file of PyTorch, and whole?");
    }
  }

  @Test
  void twoEntriesOfOneName() throws IOException {
    ZipBytes zip = new ZipBytes().add("model/data.pkl", PICKLE).add("model/data.pkl", PICKLE);
    assertThat(refusal(zip.done()))
        .isEqualTo("the zip directory has two entries \"model/data.pkl\"; the file is damaged");
  }

  /** A thousand to one: what could be 10 MB stands in 10 kB. */
  @Test
  void aZipBomb() throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(new byte[10_000_000]);
    deflater.finish();
    byte[] bomb = new byte[20_000];
    int length = deflater.deflate(bomb);
    assertThat(deflater.finished()).isTrue();
    deflater.end();
    for (long claimed : new long[] {10_000_000, length, 1L << 50}) {
      ZipBytes zip = new ZipBytes();
      long at = zip.append("model/data.pkl", Arrays.copyOf(bomb, length));
      assertThat(refusal(zip.list("model/data.pkl", DEFLATED, length, claimed, at).done()))
          .isEqualTo(
              "the entry \"model/data.pkl\" is compressed or encrypted, which PyTorch never does;"
                  + " was the file zipped again? load it in PyTorch and save it anew");
    }
  }

  @Test
  void entriesThatLieAboutTheirSize() throws IOException {
    assertThat(refusalOfEntry(PICKLE.length, 1L << 40, 0))
        .isEqualTo(
            "the entry \"model/data.pkl\" is stored as it is, yet as %d bytes that become"
                + " 1099511627776; the file is damaged",
            PICKLE.length);
    assertThat(refusalOfEntry(1L << 40, 1L << 40, 0))
        .startsWith("the entry \"model/data.pkl\" of 1099511627776 bytes at byte 44 does not fit");
    assertThat(refusalOfEntry(-1, -1, 0))
        .startsWith("the entry \"model/data.pkl\" of 18446744073709551615 bytes at byte 44 does");
    assertThat(refusalOfEntry(Long.MAX_VALUE, Long.MAX_VALUE, 0)).contains(" does not fit in the");
  }

  @Test
  void entriesThatLieAboutTheirPlace() throws IOException {
    for (long offset : new long[] {1, 1000, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      assertThat(refusalOfEntry(PICKLE.length, PICKLE.length, offset))
          .isEqualTo(
              "the entry \"model/data.pkl\" is not at byte %d, where it should be; the file is"
                  + " damaged",
              offset);
    }
    ZipBytes zip = new ZipBytes();
    long at = zip.append("model/else.pkl", PICKLE);
    assertThat(refusal(zip.list("model/data.pkl", STORED, PICKLE.length, PICKLE.length, at).done()))
        .isEqualTo(
            "another entry is at byte 0, where \"model/data.pkl\" should be; the file is damaged");
  }

  @Test
  void aDirectoryThatClaimsMoreThanItHas() throws IOException {
    for (long claimed : new long[] {3, 65_534, 1_000_000, 1L << 40, Long.MAX_VALUE}) {
      byte[] zip = new ZipBytes().add("m/data.pkl", PICKLE).add("m/data/0", NUMBERS).done(claimed);
      assertThat(refusal(zip))
          .isEqualTo("the zip directory breaks off at entry 2 of %d; the file is damaged", claimed);
    }
  }

  @Test
  void aDirectoryThatIsElsewhere() throws IOException {
    byte[] zip = ZipBytes.torch(PICKLE, NUMBERS);
    int end = zip.length - 22;
    for (int field : new int[] {12, 16}) { // its bytes, its place
      byte[] lying = zip.clone();
      Arrays.fill(lying, end + field, end + field + 3, (byte) 0xff);
      assertThat(refusal(lying))
          .isEqualTo(
              "the zip directory is not where the end of the file says; the file is damaged");
    }
    byte[] wide = new ZipBytes().add("m/data.pkl", PICKLE).done(-1);
    assertThat(refusal(wide))
        .isEqualTo("the zip directory is not where the end of the file says; the file is damaged");
  }

  @Test
  void aMillionEntries() throws IOException {
    ZipBytes zip = new ZipBytes().add("model/data.pkl", PICKLE).add("model/data/0", NUMBERS);
    for (int i = 2; i < 1_000_000; i++) {
      zip.list("x" + i, STORED, 0, 0, 0);
    }
    Path path = save(zip.done());
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(file.tensors()).containsOnlyKeys("w");
    }
    assertThat(Refusals.allocatedBy(path)).isLessThan(12 * Files.size(path));
  }

  /** As safetensors: what is opened is the directory and the pickle, not the numbers. */
  @Test
  void aGigabyteOpensAtOnceAndCostsNoHeap() throws IOException {
    long floats = 1L << 28;
    byte[] legacy = new LegacyBytes().elements(floats).count(floats).done();
    Path path = save(legacy);
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(legacy.length + floats * Float.BYTES);
    }
    assertThat(Refusals.allocatedBy(path)).isPositive(); // loads the classes
    assertThat(Refusals.allocatedBy(path)).isLessThan(200_000);
    long begun = System.nanoTime();
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
      assertThat(file.tensor("w").shape()).containsExactly(1 << 28);
    }
  }

  /** The entry is where ZIP64 says, behind a gap of five gigabytes. */
  @Test
  void numbersBeyondTwoGigabytes() throws IOException {
    long gap = 5L << 30;
    byte[] numbers = NUMBERS.clone();
    numbers[3] = 0x40; // 2
    ZipBytes zip = new ZipBytes().add("m/data.pkl", PICKLE);
    int begin = zip.gap(gap);
    byte[] bytes = zip.add("m/data/0", numbers).done();
    Path path = save(Arrays.copyOf(bytes, begin));
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.seek(begin + gap);
      sparse.write(bytes, begin, bytes.length - begin);
    }
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(file.tensor("w").floats()).containsExactly(2, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void numbersOfABigEndianMachine() throws IOException {
    String message =
        "was written on a big-endian machine; load it in PyTorch on another one and save it anew";
    byte[] big = "big".getBytes(StandardCharsets.US_ASCII);
    ZipBytes zip = new ZipBytes().add("m/data.pkl", PICKLE).add("m/byteorder", big);
    assertThat(refusal(zip.done())).isEqualTo(message);
    assertThat(refusal(new LegacyBytes().littleEndian(false).done())).isEqualTo(message);
  }

  @Test
  void legacyFilesThatDoNotAddUp() throws IOException {
    assertThat(refusal(new LegacyBytes().version(1002).done()))
        .startsWith("is not of version 1001 (byte ");
    assertThat(refusal(new LegacyBytes().keys("0", "0").done()))
        .startsWith("lists the storage \"0\" twice (byte ");
    assertThat(refusal(new LegacyBytes().keys().done()))
        .isEqualTo("the storage \"0\" is missing; the file is damaged");
    assertThat(refusal(new LegacyBytes().keys("1").done()))
        .startsWith("lists a storage that no tensor is in (byte ");
    for (long count : new long[] {5, 7, -1, 1L << 62, Long.MAX_VALUE}) {
      assertThat(refusal(new LegacyBytes().count(count).done()))
          .startsWith(
              "has %d numbers in the storage \"0\" where 6 should be (byte ".formatted(count));
    }
    for (long both : new long[] {7, 1L << 62, Long.MAX_VALUE}) {
      assertThat(refusal(new LegacyBytes().elements(both).count(both).done()))
          .isEqualTo(
              "the storage \"0\" of %d numbers ends beyond the end of the file, which was cut short"
                  + " or is damaged",
              both);
    }
  }

  /** The refusal of a pickle of which the directory says this. */
  private String refusalOfEntry(long stored, long size, long offset) throws IOException {
    ZipBytes zip = new ZipBytes();
    zip.append("model/data.pkl", PICKLE);
    return refusal(zip.list("model/data.pkl", STORED, stored, size, offset).done());
  }

  private String refusal(byte[] bytes) throws IOException {
    return Refusals.of(save(bytes));
  }

  private Path save(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.pt"), bytes);
  }
}
