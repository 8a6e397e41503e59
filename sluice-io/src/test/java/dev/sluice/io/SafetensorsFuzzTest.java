package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of damaged copies of a good file: each is read, or refused with a {@link
 * ModelFileException} of one line. No file costs more memory than a small multiple of its size.
 */
@Execution(ExecutionMode.CONCURRENT)
class SafetensorsFuzzTest {
  /** What reading a file of some hundred bytes may cost; a size believed would cost far more. */
  private static final long BOUND_BYTES = 1_000_000;

  /** What a header may cost for each of its bytes. */
  private static final long BYTES_PER_HEADER_BYTE = 40;

  /** Written over the file at random places, so that the damage goes deeper than its syntax. */
  private static final List<String> FRAGMENTS =
      List.of(
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
          "é");

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  @Test
  void everyDamagedFileIsReadOrRefused() throws IOException {
    byte[] good;
    try (InputStream fixture = getClass().getResourceAsStream("tiny.safetensors")) {
      good = Objects.requireNonNull(fixture).readAllBytes();
    }
    Fuzz.Outcome outcome =
        Fuzz.run(
            "safetensors",
            folder.resolve("damaged"),
            Mutator.ofText(List.of(good), FRAGMENTS),
            SafetensorsFuzzTest::readAll);
    assertThat(outcome.refused()).isBetween(outcome.files() / 2, outcome.files() - 1);
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

    assertThat(allocatedBy(file)).isPositive(); // loads the classes
    assertThat(allocatedBy(file)).isLessThan(BOUND_BYTES + BYTES_PER_HEADER_BYTE * header.length);
  }

  private long allocatedBy(Path file) {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      readAll(file);
    } catch (ModelFileException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void readAll(Path file) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      for (StoredTensor tensor : opened.tensors().values()) {
        if (tensor.type().isReal()) {
          assertThat(tensor.floats()).hasSameSizeAs(tensor.doubles());
        } else {
          tensor.longs();
        }
      }
    }
  }
}
