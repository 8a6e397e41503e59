package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.DataException;
import dev.sluice.data.TextLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LineBatchesTest {
  @Test
  void givesALineAtOnceThoughTheStreamGoesOn() throws IOException {
    PipedOutputStream typed = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(typed);
    type("first\n", typed);
    LineBatches lines = new LineBatches(TextLines.of("test", in));
    assertThat(lines.next()).containsExactly("first");
    type("second\n", typed);
    assertThat(lines.next()).containsExactly("second");
    typed.close();
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).isEmpty();
  }

  @Test
  void keepsEveryLineInOrder() {
    List<String> given = IntStream.range(0, 5000).mapToObj(i -> "line " + i).toList();
    LineBatches lines = of(String.join("\n", given).getBytes(StandardCharsets.UTF_8));
    List<String> got = new ArrayList<>();
    for (List<String> batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
      assertThat(batch).hasSizeLessThanOrEqualTo(256);
      got.addAll(batch);
    }
    assertThat(got).isEqualTo(given);
  }

  @Test
  void failsAfterTheLinesBeforeTheFailure() {
    LineBatches lines = of(new byte[] {'a', '\n', (byte) 0xFF, '\n', 'b', '\n'});
    assertThat(lines.next()).containsExactly("a");
    assertThatThrownBy(lines::next)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("test:2: not UTF-8");
  }

  private static void type(String text, PipedOutputStream typed) throws IOException {
    typed.write(text.getBytes(StandardCharsets.UTF_8));
    typed.flush();
  }

  private static LineBatches of(byte[] bytes) {
    return new LineBatches(TextLines.of("test", new ByteArrayInputStream(bytes)));
  }
}
