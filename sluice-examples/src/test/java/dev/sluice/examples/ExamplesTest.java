package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each example prints, to the last digit, what an independent program prints: the one in {@code
 * src/test/oracle} that wrote the resource of its name.
 */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/sluice/examples");
  private static final Path EXPECTED = Path.of("src/test/resources/dev/sluice/examples");

  private static final Map<String, Runnable> EXAMPLES =
      Map.of("HandWrittenLstm", HandWrittenLstm::main);

  static Set<String> examples() {
    return EXAMPLES.keySet();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void printsWhatTheOraclePrints(String example) throws IOException {
    assertThat(Printed.by(EXAMPLES.get(example)))
        .isEqualToNormalizingNewlines(Files.readString(EXPECTED.resolve(example + ".txt")));
  }

  @Test
  void everyProgramIsTested() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      Set<String> programs =
          files
              .filter(file -> isProgram(file))
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
      assertThat(programs).isEqualTo(EXAMPLES.keySet());
    }
  }

  private static boolean isProgram(Path file) {
    try {
      return Files.readString(file).contains("void main(");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
