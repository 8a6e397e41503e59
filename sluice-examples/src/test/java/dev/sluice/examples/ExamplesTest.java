package dev.sluice.examples;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each example prints, to the last digit, what an independent program prints: the one in {@code src/test/oracle} that
 * wrote the resource of its name.
 */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/sluice/examples");
  private static final Path EXPECTED = Path.of("src/test/resources/dev/sluice/examples");

  private static final Map<String, Printed.Program> EXAMPLES =
      Map.ofEntries(
          Map.entry("HandWrittenLstm", HandWrittenLstm::main), // A1
          Map.entry("StackedCellsWithDropout", StackedCellsWithDropout::main), // A2
          // A3, TextClassifierFromParts, learns from what the JDK carries: a test of its own
          Map.entry("BasicCells", BasicCells::main), // B1
          Map.entry("LstmVariants", LstmVariants::main), // B2
          Map.entry("LayersFromAList", LayersFromAList::main), // C1
          Map.entry("TwoEncodersOneDecoder", TwoEncodersOneDecoder::main), // C2
          Map.entry("TimeMajorAndBatchMajor", TimeMajorAndBatchMajor::main), // C3
          Map.entry("PyTorchModules", PyTorchModules::main), // D1
          Map.entry("Streams", Streams::main),
          Map.entry("YourOwnCell", YourOwnCell::main), // D2
          Map.entry("KerasLstm", KerasLstm::main)); // E1

  static Set<String> examples() {
    return new TreeSet<>(EXAMPLES.keySet());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void printsWhatTheOraclePrints(String example) throws IOException {
    assertThat(Printed.by(requireNonNull(EXAMPLES.get(example))))
        .isEqualToNormalizingNewlines(Files.readString(EXPECTED.resolve(example + ".txt")));
  }

  @Test
  void everyProgramIsTested() throws IOException {
    Set<String> known = new TreeSet<>(EXAMPLES.keySet());
    known.addAll(Set.of("TextClassifierFromParts", "Show", "package-info"));
    try (Stream<Path> sources = Files.list(SOURCES)) {
      assertThat(
              sources
                  .filter(Files::isRegularFile)
                  .map(file -> file.getFileName().toString().replace(".java", "")))
          .containsExactlyInAnyOrderElementsOf(known);
    }
  }
}
