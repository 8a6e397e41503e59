package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of damaged copies of a good file: each is read, or refused with a {@link
 * ModelFileException} of one line. No file costs more memory than a small multiple of its size.
 */
class SafetensorsFuzzTest {
  private static final int FILES = 5_000;

  /** What reading a file of some hundred bytes may cost; a size believed would cost far more. */
  private static final long BOUND_BYTES = 1_000_000;

  /** What a header may cost for each of its bytes. */
  private static final long BYTES_PER_HEADER_BYTE = 40;

  /** Written over the file at random places, so that the damage goes deeper than its syntax. */
  private static final String[] FRAGMENTS = {
    "0",
    "9",
    "-1",
    "99999999999999999999",
    "1e9",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "null",
    ",",
    ":",
    "\"F64\"",
    "\"I64\"",
    "\"shape\"",
    "[0,0]",
    "\\u0000",
    "{\"a\":{",
    "__metadata__",
    "é"
  };

  private final SplittableRandom random = new SplittableRandom(20);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  @Test
  void everyDamagedFileIsReadOrRefused() throws IOException {
    byte[] good;
    try (InputStream fixture = getClass().getResourceAsStream("tiny.safetensors")) {
      good = Objects.requireNonNull(fixture).readAllBytes();
    }
    Path file = folder.resolve("damaged");
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      byte[] damaged = damaged(good);
      Files.deleteIfExists(file); // much faster than to replace what it holds
      Files.write(file, damaged);
      long before = threads.getCurrentThreadAllocatedBytes();
      if (!reads(file)) {
        refused++;
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes allocated for file %d", i)
          .isLessThan(BOUND_BYTES);
    }
    assertThat(refused).isBetween(FILES / 2, FILES - 1);
  }

  /** The most objects that a header can ask for: dimensions, tensors, metadata, depth. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"shape\":[*1,*0]}}",
        "{*\"%06d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},*"
            + "\"\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"__metadata__\":{*\"%06d\":\"\",*\"\":\"\"}}",
        "{\"a\":*[**",
        "{\"a\":{\"dtype\":\"*x*\"}}",
      })
  void theCostOfAHeaderIsASmallMultipleOfItsSize(String pattern) throws IOException {
    String[] parts = pattern.split("\\*", -1);
    StringBuilder json = new StringBuilder(parts[0]);
    for (int i = 0; i < 20_000; i++) {
      json.append(parts[1].formatted(i));
    }
    byte[] header = json.append(parts[2]).toString().getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("costly");
    Files.write(
        file,
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());

    long before = threads.getCurrentThreadAllocatedBytes();
    reads(file);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(BOUND_BYTES + BYTES_PER_HEADER_BYTE * header.length);
  }

  private static boolean reads(Path file) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      for (StoredTensor tensor : opened.tensors().values()) {
        if (tensor.type().isReal()) {
          assertThat(tensor.floats()).hasSameSizeAs(tensor.doubles());
        } else {
          tensor.longs();
        }
      }
      return true;
    } catch (ModelFileException e) {
      assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
      return false;
    }
  }

  private byte[] damaged(byte[] good) {
    byte[] bytes = good.clone();
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      bytes =
          switch (random.nextInt(4)) {
            case 0 -> flipped(bytes);
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 2 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 20));
            default -> overwritten(bytes);
          };
    }
    return bytes;
  }

  private byte[] flipped(byte[] bytes) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] overwritten(byte[] bytes) {
    byte[] fragment = FRAGMENTS[random.nextInt(FRAGMENTS.length)].getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= fragment.length) {
      int at = random.nextInt(bytes.length - fragment.length + 1);
      System.arraycopy(fragment, 0, bytes, at, fragment.length);
    }
    return bytes;
  }
}
