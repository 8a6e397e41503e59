package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
  @TempDir Path folder = Path.of("");

  /** A model in use goes on as it was when the file it should take over is damaged. */
  @Test
  void aRefusedFileChangesNothing() throws IOException {
    Parameters damaged = SmallClassifier.create().model().parameters();
    damaged.initialize(RandomKey.of(2));
    damaged.get("dense.bias").value().set(0, 0, Float.NaN);
    Path file = folder.resolve("damaged.safetensors");
    Weights.write(file, damaged);

    Parameters used = SmallClassifier.create().model().parameters();
    float[] before = used.values().clone();
    assertThatThrownBy(() -> Weights.read(file, used))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("holds NaN");
    assertThat(used.values()).isEqualTo(before);
  }
}
