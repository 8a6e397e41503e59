package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files put together by hand, byte by byte: the values, and every kind of damage. */
class SafetensorsFileTest {
  @TempDir private Path folder;

  @Test
  void readsEveryRealType() throws IOException {
    byte[] data =
        littleEndian(8 + 4 + 2 + 2)
            .putDouble(0.1)
            .putFloat(0.1f)
            .putShort((short) 0x3555)
            .putShort((short) 0xc049)
            .array();
    String header =
        """
        {"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},
        "f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},
        "h":{"dtype":"F16","shape":[1],"data_offsets":[12,14]},
        "b":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]}}\
        """;

    try (SafetensorsFile file = SafetensorsFile.open(save(header, data))) {
      assertThat(file.tensor("d").doubles()).containsExactly(0.1);
      assertThat(file.tensor("d").floats()).containsExactly(0.1f);
      assertThat(file.tensor("f").floats()).containsExactly(0.1f);
      assertThat(file.tensor("f").doubles()).containsExactly((double) 0.1f);
      assertThat(file.tensor("h").floats()).containsExactly(1365 / 4096f);
      assertThat(file.tensor("h").doubles()).containsExactly(1365 / 4096.0);
      assertThat(file.tensor("b").floats()).containsExactly(-3.140625f);
      assertThat(file.tensor("b").type()).isEqualTo(TensorType.BF16);
    }
  }

  @Test
  void readsEveryIntegerType() throws IOException {
    byte[] data =
        littleEndian(8 + 4 + 2 + 2 + 3)
            .putLong(-(1L << 40))
            .putInt(-7)
            .put(new byte[] {(byte) 200, 3, 0, 1})
            .putShort((short) -300)
            .put((byte) -5)
            .array();
    String header =
        """
        {"l":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
        "i":{"dtype":"I32","shape":[1,1],"data_offsets":[8,12]},
        "u":{"dtype":"U8","shape":[2],"data_offsets":[12,14]},
        "b":{"dtype":"BOOL","shape":[2],"data_offsets":[14,16]},
        "s":{"dtype":"I16","shape":[1],"data_offsets":[16,18]},
        "c":{"dtype":"I8","shape":[1],"data_offsets":[18,19]}}\
        """;

    try (SafetensorsFile file = SafetensorsFile.open(save(header, data))) {
      assertThat(file.tensor("l").longs()).containsExactly(-(1L << 40));
      assertThat(file.tensor("l").shape()).isEmpty();
      assertThat(file.tensor("i").longs()).containsExactly(-7);
      assertThat(file.tensor("i").shape()).containsExactly(1, 1);
      assertThat(file.tensor("u").longs()).containsExactly(200, 3);
      assertThat(file.tensor("b").longs()).containsExactly(0, 1);
      assertThat(file.tensor("s").longs()).containsExactly(-300);
      assertThat(file.tensor("c").longs()).containsExactly(-5);
    }
  }

  @Test
  void keepsTheOrderOfTheHeaderWhateverTheOrderOfTheData() throws IOException {
    String header =
        """
        {"z":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
        "__metadata__":{"made_by":"hand","Größe":"1"},
        "empty":{"dtype":"F32","shape":[0,3],"data_offsets":[4,4]},
        "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}\
        """;

    try (SafetensorsFile file =
        SafetensorsFile.open(save(header, littleEndian(8).putFloat(1).putFloat(2).array()))) {
      assertThat(file.tensors().sequencedKeySet()).containsExactly("z", "empty", "a");
      assertThat(file.metadata()).containsEntry("made_by", "hand").containsEntry("Größe", "1");
      assertThat(file.tensor("z").floats()).containsExactly(2);
      assertThat(file.tensor("empty").floats()).isEmpty();
      assertThat(file.tensor("a").floats()).containsExactly(1);
    }
  }

  @Test
  void aGigabyteOpensAtOnceAndCostsNoHeap() throws IOException {
    long bytes = 1L << 30;
    Path file =
        save(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[16384,16384],\"data_offsets\":[0,1073741824]}}",
            new byte[0]);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(sparse.length() + bytes);
    }
    SafetensorsFile.open(file).close(); // loads the classes

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long begun = System.nanoTime();
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
      assertThat(opened.tensor("w").shape()).containsExactly(16384, 16384);
    }
  }

  @Test
  void numbersBeyondTwoGigabytes() throws IOException {
    long begin = 5L << 30;
    String header =
        """
        {"u":{"dtype":"F32","shape":[5,268435456],"data_offsets":[0,%d]},
        "w":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}}\
        """
            .formatted(begin, begin, begin + 4);
    Path file = save(header, new byte[0]);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.seek(sparse.length() + begin);
      sparse.write(littleEndian(4).putFloat(7).array());
    }
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertThat(opened.tensor("w").floats()).containsExactly(7);
    }
  }

  @Test
  void aHeaderOfAMillionTensors() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 1_000_000; i++) {
      header.append(
          "\"%06d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
    }
    header.setCharAt(header.length() - 1, '}');
    Path path = save(header.toString(), new byte[0]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors()).hasSize(1_000_000);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(40 * Files.size(path));
  }

  @Test
  void saysWhichTensorsThereAre() throws IOException {
    Path path =
        save("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", new byte[1]);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(() -> file.tensor("weight_ih_l0"))
          .withMessage("%s: no tensor \"weight_ih_l0\"; it holds \"a\"", path);
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(() -> file.tensor("a").floats())
          .withMessage(
              "%s: the tensor \"a\" holds whole numbers (U8), but real numbers are needed here; is"
                  + " it another model's file?",
              path);
    }
  }

  @Test
  void cannotBeReadOnceClosed() throws IOException {
    Path path =
        save(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            littleEndian(4).putFloat(1).array());
    SafetensorsFile file = SafetensorsFile.open(path);
    file.close();
    assertThatIllegalStateException().isThrownBy(() -> file.tensor("a").floats());
  }

  /** Headers over eight bytes of data; in them ' stands for ". */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]} | the header is not valid JSON: Unexpected end-of-input
          []                                                    | the header must be an object (header character 0); the file is damaged or is no safetensors file
          {'a':7,                                               | the tensor "a" must be an object (header character 5)
          {'__metadata__':{'n':1}}                              | the metadata "n" must be a string (header character 21)
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | more text follows the header's closing brace
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | Duplicate Object property "a" (header character 57)
          {'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}} | Duplicate Object property "dtype"
          {'a':{'shape':[2],'data_offsets':[0,8]}}              | the tensor "a" has no dtype
          {'a':{'dtype':'F32','data_offsets':[0,8]}}            | the tensor "a" has no shape
          {'a':{'dtype':'F32','shape':[2]}}                     | the tensor "a" has no data_offsets
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | the tensor "a" has the unknown key "x"
          {'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | the tensor "a" has the dtype "F8_E4M3"; Sluice reads [F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL], so convert it
          {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | the shape of the tensor "a": "-2" is not between 0 and 2147483647
          {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | the shape of the tensor "a" must be whole numbers
          {'a':{'dtype':'F32','shape':[4294967298],'data_offsets':[0,8]}} | "4294967298" is not between 0 and 2147483647
          {'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}} | the tensor "a" is too large for any file with its shape [2147483647, 2147483647, 2147483647]
          {'a':{'dtype':'F64','shape':[2147483647,2147483647],'data_offsets':[0,8]}} | the tensor "a" is too large for any file
          {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | the tensor "a" has 8 bytes of data, but its shape [3] of F32 takes 12; the file is damaged
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | data_offsets of the tensor "a": "99999999999999999999" is not between 0 and 9223372036854775807
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | data_offsets of the tensor "a" end (0) before they begin (8)
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}} | data_offsets of the tensor "a" must be an array of two numbers
          {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | the tensor "a" ends at byte 12 of the data, which has only 8; the file was cut short, copy or download it again
          {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[5],'data_offsets':[3,8]}} | the tensor "b" begins at byte 3 of the data, where another tensor reaches to byte 4
          {'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}} | the tensor "b" begins at byte 4 of the data and leaves a hole behind byte 3
          {'a':{'dtype':'U8','shape':[7],'data_offsets':[0,7]}} | 1 bytes follow the last tensor (which ends at byte 7 of the data); something was appended
          {}                                                    | 8 bytes follow the last tensor
          """)
  void refusesADamagedHeader(String header, String message) throws IOException {
    Path path = save(header.replace('\'', '"'), new byte[8]);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> SafetensorsFile.open(path))
        .withMessageStartingWith(path + ": ")
        .withMessageContaining(message);
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws IOException {
    Path path = folder.resolve("model.safetensors");
    Files.write(path, littleEndian(10).putLong(2).put((byte) '{').put((byte) 0xff).array());
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> SafetensorsFile.open(path))
        .withMessage(
            "%s: the header is not UTF-8; the file is damaged or is no safetensors file", path);
  }

  @Test
  void refusesAHeaderLongerThanTheFile() throws IOException {
    for (long length : new long[] {6, 1L << 40, -1}) {
      Path path = folder.resolve("model.safetensors");
      Files.write(path, littleEndian(13).putLong(length).array());
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(() -> SafetensorsFile.open(path))
          .withMessage(
              "%s: a header of %s bytes does not fit in the 5 that follow; the file was cut short"
                  + " or is no safetensors file",
              path, Long.toUnsignedString(length));
    }
  }

  @Test
  void refusesAHeaderBeyondTheLimitOfTheFormat() throws IOException {
    Path path = folder.resolve("model.safetensors");
    Files.write(path, littleEndian(8).putLong(100_000_001).array());
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(200_000_000);
    }
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> SafetensorsFile.open(path))
        .withMessageContaining("a header of 100000001 bytes is beyond the format's limit");
  }

  @Test
  void refusesWhatIsNoFile() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    Path missing = folder.resolve("missing");
    for (var expected :
        List.of(
            List.of(empty, "0 bytes are too few for a safetensors file; the file is empty or was"),
            List.of(missing, "cannot be read (no such file or folder: " + missing + ")"),
            List.of(folder, "is not a file; name the safetensors file itself"))) {
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(() -> SafetensorsFile.open((Path) expected.getFirst()))
          .withMessageStartingWith(expected.getFirst() + ": " + expected.getLast());
    }
  }

  @Test
  void namesFromTheFileCannotBreakTheLineOrFillTheScreen() throws IOException {
    Path path = save("{\"\\u001b[2J\\n" + "x".repeat(200) + "\":{\"dtype\":\"U8\"}}", new byte[0]);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> SafetensorsFile.open(path))
        .withMessageStartingWith(path + ": the tensor \"\\u001b[2J\\u000axxxxx")
        .withMessageContaining("...\" (205 characters) has no data_offsets");
  }

  private Path save(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] length = littleEndian(8).putLong(json.length).array();
    return Files.write(
        folder.resolve("model.safetensors"), concatenated(concatenated(length, json), data));
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
