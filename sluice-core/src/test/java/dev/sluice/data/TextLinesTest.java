package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {
  @Test
  void endsLinesAtNewlineWithOrWithoutCarriageReturn() {
    assertThat(read(utf8("a\r\nb\n\nc\rd"))).containsExactly("a", "b", "", "c\rd");
    assertThat(read(utf8("a\n"))).containsExactly("a");
    assertThat(read(utf8(""))).isEmpty();
    assertThat(read(utf8("x"))).containsExactly("x");
  }

  @Test
  void skipsTheByteOrderMarkOfTheFirstLineOnly() {
    assertThat(read(utf8("\uFEFFa\n\uFEFFb"))).containsExactly("a", "\uFEFFb");
  }

  @Test
  void readsGzipWhateverItsName() {
    assertThat(read(gzip(utf8("é\n中")))).containsExactly("é", "中");
  }

  @Test
  void numbersLinesFromOne() {
    TextLines lines = lines(utf8("a\nb"));
    lines.next();
    lines.next();
    assertThat(lines.number()).isEqualTo(2);
    assertThat(lines.error("odd; fix it")).hasMessage("in.tsv:2: odd; fix it");
  }

  @Test
  void wrongEncodingIsAnErrorThatSaysHowToConvert() {
    assertFails("a\né".getBytes(StandardCharsets.ISO_8859_1))
        .hasMessage(
            "in.tsv:2: not UTF-8; is it ISO-8859-1? then convert it: "
                + "iconv -f ISO-8859-1 -t UTF-8 in.tsv");
    assertFails("a\n".getBytes(Charset.forName("UTF-16")))
        .hasMessage(
            "in.tsv:1: not UTF-8; is it UTF-16? then convert it: iconv -f UTF-16 -t UTF-8 in.tsv");
  }

  @Test
  void lineBeyondTheLimitIsAnError() {
    byte[] longest = new byte[TextLines.MAXIMUM_LINE];
    Arrays.fill(longest, (byte) 'a');
    assertThat(read(longest).getFirst()).hasSize(TextLines.MAXIMUM_LINE);
    assertFails(Arrays.copyOf(longest, longest.length + 1))
        .hasMessage(
            "in.tsv:1: longer than 1,048,576 bytes; "
                + "expected an example or a sentence on each line; a text without line ends can be"
                + " cut: fold -s -w 1000 in.tsv");
  }

  @Test
  void brokenGzipIsAnErrorNotAShorterFile() {
    byte[] whole = gzip(utf8("a\n".repeat(1000)));
    String message = "broken or incomplete gzip data; fetch or compress the file again";
    for (int length = 2; length < whole.length; length++) {
      assertFails(Arrays.copyOf(whole, length)).hasMessageContaining(message);
    }
    byte[] flipped = whole.clone();
    flipped[flipped.length - 6] ^= 1; // the checksum
    assertFails(flipped).hasMessageContaining(message);
  }

  @Test
  void missingFileAndFolderAreErrors(@TempDir Path folder) {
    Path missing = folder.resolve("none.tsv");
    assertThatThrownBy(() -> TextLines.open(missing))
        .isInstanceOf(DataException.class)
        .hasMessage(missing + ": no such file; check the path");
    assertThatThrownBy(() -> TextLines.open(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(folder + ": is a folder; give a file");
  }

  private static AbstractThrowableAssert<?, ?> assertFails(byte[] bytes) {
    return assertThatThrownBy(() -> read(bytes)).isInstanceOf(DataException.class);
  }

  private static List<String> read(byte[] bytes) {
    List<String> read = new ArrayList<>();
    TextLines lines = lines(bytes);
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      read.add(line.get());
    }
    return read;
  }

  private static TextLines lines(byte[] bytes) {
    return TextLines.of("in.tsv", new ByteArrayInputStream(bytes));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }
}
