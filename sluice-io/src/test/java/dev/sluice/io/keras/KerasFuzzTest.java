package dev.sluice.io.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Damaged copies of files of every version of Keras. */
@Execution(ExecutionMode.CONCURRENT)
class KerasFuzzTest {
  private static final List<String> WORDS =
      List.of(
          "TREE", "SNOD", "HEAP", "GCOL", "OHDR", "LSTM", "GRU", "\"units\": ", "null", "-1", "[[");

  @TempDir private Path folder;

  @Test
  void everyDamagedFileIsReadOrRefused() throws IOException {
    List<String> names =
        Stream.concat(KerasFiles.CHAINS.keySet().stream().sorted(), Stream.of("not_a_chain.h5"))
            .toList();
    List<byte[]> good = new ArrayList<>();
    for (String name : names) {
      good.add(Files.readAllBytes(KerasFiles.file(name)));
    }
    Fuzz.Outcome outcome =
        Fuzz.run("keras", folder, Mutator.ofText(good, WORDS), KerasReader::read);
    assertThat(outcome.refused()).isBetween(outcome.files() / 10, outcome.files() - 1);
  }
}
