package dev.sluice.io.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.io.ModelFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read, and bytes that are no message are refused with their place. */
class ProtoTest {
  private static final String LIKELY_CAUSE =
      "; the file was cut short, is damaged, or is of another kind";

  private static ProtoReader reader(byte[] message) {
    return ProtoReader.of(Path.of("f.pb"), MemorySegment.ofArray(message));
  }

  private static ProtoReader hex(String message) {
    return reader(HexFormat.of().parseHex(message));
  }

  private static byte[] bytes(ProtoWriter message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(message.size()).isEqualTo(out.size());
    return out.toByteArray();
  }

  private static void assertRefused(String message, String problem) {
    ProtoReader in = hex(message);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(
            () -> {
              while (in.next()) {
                in.field();
              }
            })
        .withMessage("f.pb: " + problem + LIKELY_CAUSE);
  }

  /** The examples of the format's own description. */
  @Test
  void bytesAreThoseOfTheSpecification() {
    assertThat(bytes(new ProtoWriter().varint(1, 150))).asHexString().isEqualTo("089601");
    assertThat(bytes(new ProtoWriter().string(2, "testing")))
        .asHexString()
        .isEqualToIgnoringCase("120774657374696e67");
    assertThat(bytes(new ProtoWriter().message(3, new ProtoWriter().varint(1, 150))))
        .asHexString()
        .isEqualToIgnoringCase("1a03089601");
  }

  @Test
  void everyTypeComesBack() {
    float[] large = new float[1000];
    large[999] = -2.5f;
    ProtoWriter inner = new ProtoWriter().floatBytes(4, large).varint(5, 7);
    ProtoReader in =
        reader(
            bytes(
                new ProtoWriter()
                    .varint(1, Long.MIN_VALUE)
                    .real(2, 0.1f)
                    .string(3, "Größe")
                    .message(1000, inner)
                    .longBytes(6, 3, -4)
                    .varint(7, 1)));
    assertThat(in.next()).isTrue();
    assertThat(in.varint()).isEqualTo(Long.MIN_VALUE);
    assertThat(in.next()).isTrue();
    assertThat(in.real()).isEqualTo(0.1f);
    assertThat(in.next()).isTrue();
    assertThat(in.string()).isEqualTo("Größe");
    assertThat(in.next()).isTrue();
    assertThat(in.field()).isEqualTo(1000);
    ProtoReader message = in.message();
    assertThat(message.next()).isTrue();
    assertThat(message.bytes().byteSize()).isEqualTo(4000);
    assertThat(message.bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 3996)).isEqualTo(-2.5f);
    assertThat(message.next()).isTrue();
    assertThat(message.varint()).isEqualTo(7);
    assertThat(message.next()).isFalse();
    assertThat(in.next()).isTrue();
    assertThat(in.bytes().toArray(ValueLayout.JAVA_LONG_UNALIGNED)).containsExactly(3, -4);
    assertThat(in.next()).isTrue();
    assertThat(in.varint()).isEqualTo(1);
    assertThat(in.next()).isFalse();
  }

  @Test
  void repeatedFieldsPackedOrNot() {
    List<Number> numbers = new ArrayList<>();
    ProtoReader in = hex("0801" + "0a03029601" + "150000803f" + "12080000004000004040");
    while (in.next()) {
      if (in.field() == 1) {
        in.varints(numbers::add);
      } else {
        in.floats(numbers::add);
      }
    }
    assertThat(numbers).containsExactly(1L, 2L, 150L, 1.0, 2.0, 3.0);
    ProtoReader doubles = hex("09000000000000f03f" + "0a080000000000000040");
    numbers.clear();
    while (doubles.next()) {
      doubles.doubles(numbers::add);
    }
    assertThat(numbers).containsExactly(1.0, 2.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0801 0a05 01020304   | a field of 5 bytes does not fit in the 4 that follow (byte 2)",
        "0affffffff0f         | a field of 4294967295 bytes does not fit in the 0 that follow (byte"
            + " 0)",
        "0affffffffffffffffff01 | a field of 18446744073709551615 bytes does not fit in the 0 that"
            + " follow (byte 0)",
        "08ffffffffffffffffffff01 | a number is longer than 10 bytes (byte 0)",
        "0880                 | a number has no end (byte 0)",
        "0d0102               | a field of 4 bytes does not fit in the 2 that follow (byte 0)",
        "0901020304050607     | a field of 8 bytes does not fit in the 7 that follow (byte 0)",
        "0b                   | field 1 has the unknown wire type 3 (byte 0)",
        "0f                   | field 1 has the unknown wire type 7 (byte 0)",
        "0001                 | there is no field 0 (byte 0)",
        "f8ffffffff7f01       | there is no field 549755813887 (byte 0)"
      })
  void whatIsNoMessageIsRefused(String message, String problem) {
    assertRefused(message.replace(" ", ""), problem);
  }

  @Test
  void aFieldOfAnotherTypeIsRefused() {
    ProtoReader in = hex("0801" + "0a01ff" + "0a0102");
    assertThat(in.next()).isTrue();
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(in::string)
        .withMessageStartingWith("f.pb: field 1 was to hold text, but has wire type 0 (byte 0)");
    assertThat(in.next()).isTrue();
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(in::string)
        .withMessageStartingWith("f.pb: the text in field 1 is not UTF-8 (byte 2)");
    assertThat(in.next()).isTrue();
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> in.floats(v -> {}))
        .withMessageStartingWith("f.pb: field 1 has 1 bytes of floats, which take 4 each (byte 5)");
  }

  @Test
  void placesInsideOfMessagesAreThoseOfTheFile() {
    ProtoReader in = hex("0801" + "1204" + "0801" + "0880");
    assertThat(in.next()).isTrue();
    assertThat(in.next()).isTrue();
    ProtoReader inner = in.message();
    assertThat(inner.next()).isTrue();
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(inner::next)
        .withMessageStartingWith("f.pb: a number has no end (byte 6)");
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 100})
  void nestingHasALimit(int depth) {
    ProtoWriter message = new ProtoWriter();
    for (int i = 0; i < depth; i++) {
      message = new ProtoWriter().message(1, message);
    }
    ProtoReader in = reader(bytes(message));
    for (int i = 0; i < 99; i++) {
      assertThat(in.next()).isTrue();
      in = in.message();
    }
    if (depth == 99) {
      assertThat(in.next()).isFalse();
    } else {
      assertThat(in.next()).isTrue();
      assertThatExceptionOfType(ModelFileException.class)
          .isThrownBy(in::message)
          .withMessageContaining("messages are nested more than 100 deep (byte ");
    }
  }
}
