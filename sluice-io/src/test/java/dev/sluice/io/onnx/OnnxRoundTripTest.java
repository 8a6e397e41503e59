package dev.sluice.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.onnx.OnnxSamples.Sample;
import dev.sluice.network.NetworkLayer;
import dev.sluice.parameter.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written is read back: the same layers with the same bits, and written again the same bytes. */
class OnnxRoundTripTest {
  @TempDir private Path folder;

  static List<Sample> samples() {
    return OnnxSamples.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void thereAndBack(Sample sample) throws IOException {
    Path first = folder.resolve("first.onnx");
    OnnxWriter.write(first, sample.model());
    OnnxContents contents = OnnxReader.read(first);
    assertThat(contents.obstacle()).isEmpty();
    OnnxNetwork read = contents.network().orElseThrow();
    assertThat(read.layout()).isEqualTo(sample.model().layout());
    assertThat(read.ports()).isEqualTo(sample.model().ports());

    Path second = folder.resolve("second.onnx");
    OnnxWriter.write(second, read);
    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    if (!sample.name().startsWith("variant")) { // of which ONNX does not say all
      assertThat(read.network().layers())
          .extracting(NetworkLayer::toString)
          .isEqualTo(sample.model().network().layers().stream().map(Object::toString).toList());
      for (Parameter p : sample.model().network().parameters().all()) {
        assertThat(read.network().parameters().get(p.name()).value().toArray())
            .as(p.name())
            .containsExactly(p.value().toArray());
      }
    }
  }
}
