package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VectorLanesTest {
  private static final Path KERNELS = Path.of("src/main/java/dev/sluice/kernel");

  /** Its comment says what a second length costs; no test of results would notice. */
  @Test
  void isTheOnlyOneToChooseALengthOfVectorsOfFloats() throws IOException {
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(KERNELS, file -> !file.endsWith("VectorLanes.java"))) {
      for (Path file : others) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContain("VectorSpecies<Float>", "FloatVector.SPECIES");
      }
    }
  }
}
