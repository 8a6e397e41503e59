package dev.sluice.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.io.tensorflow.BundleWriter;
import dev.sluice.io.tensorflow.TensorFlowCell;
import dev.sluice.io.tensorflow.TensorFlowCells;
import dev.sluice.io.tensorflow.TensorFlowFile;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.ParameterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The variables of the recorded graphs of TF1, written to checkpoints: the cells that are found there have the
 * weights with which {@link GoldenTest} computes what was recorded.
 */
class Tf1CheckpointTest {
  private static final Path GRAPHS = GoldenSet.RESOURCES.resolve("tf1_graph_golden.json");

  @TempDir private Path folder;

  @Test
  void cellsOfRecordedGraphs() throws IOException {
    JsonNode graphs = JsonMapper.shared().readTree(GRAPHS).required("cases");
    List<Golden> cases = Tf1Graphs.cases(JsonMapper.shared().readTree(GRAPHS));
    int cells = 0;
    for (int i = 0; i < cases.size(); i++) {
      try (TensorFlowFile file = TensorFlowFile.open(checkpoint(graphs.get(i)))) {
        TensorFlowCells found = TensorFlowCells.of(file, TensorFlowCells.FORGET_BIAS);
        if (cases.get(i) instanceof GoldenCase expected) {
          check(expected, found.cells());
        } else {
          assertThat(found.cells()).as(cases.get(i).name()).isEmpty();
        }
        cells += found.cells().size();
      }
    }
    assertThat(cells).isGreaterThan(20);
  }

  private Path checkpoint(JsonNode graph) throws IOException {
    BundleWriter writer = new BundleWriter();
    graph
        .required("constants")
        .forEachEntry(
            (name, described) -> {
              GoldenTensor tensor = GoldenTensor.described(described);
              float[] values = new float[tensor.values().length];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) tensor.values()[i];
              }
              writer.add(name, tensor.shape(), values);
            });
    return writer.write(folder.resolve("model.ckpt"));
  }

  private static void check(GoldenCase expected, List<TensorFlowCell> found) {
    assertThat(found).as(expected.name()).hasSameSizeAs(expected.cells());
    for (int i = 0; i < found.size(); i++) {
      Cell cell = found.get(i).cell();
      assertThat(cell.stateSizes()).isEqualTo(expected.cells().get(i).stateSizes());
      for (ParameterSpec spec : cell.parameters("")) {
        Matrix weight = requireNonNull(found.get(i).weights().get(spec.name()));
        Map<String, GoldenTensor> weights = expected.weights();
        GoldenTensor wanted = requireNonNull(weights.get(spec.name() + suffix(expected, i)));
        assertThat(GoldenWeights.inFile(spec, weight).values())
            .as("%s of %s", spec.name(), expected.name())
            .isEqualTo(wanted.values());
      }
    }
  }

  private static String suffix(GoldenCase expected, int cell) {
    return expected.bidirectional()
        ? "_l" + cell / 2 + (cell % 2 == 0 ? "" : "_reverse")
        : "_l" + cell;
  }
}
