package dev.sluice.io.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.io.Imported;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.pytorch.StateDictOptions;
import dev.sluice.io.pytorch.StateDictOptions.Output;
import dev.sluice.io.tensorflow.BundleWriter;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.tape.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables of TF1 around a recurrent layer: a whole model when the user says what the dense layer reads. */
final class TensorFlowChainTest {
  private static final String RNN = "rnn/basic_lstm_cell";

  @TempDir private Path folder = Path.of("");
  private final BundleWriter variables = new BundleWriter();

  @Test
  void theWholeModelComputesWhatItsPartsDo() throws IOException {
    float[] table = add("word_embedding", 5, 2);
    addCell();
    float[] kernel = add("rnnlm/softmax_w", 3, 4);
    float[] bias = add("rnnlm/softmax_b", 4);
    add("learning_rate_now");
    Imported part = read(Optional.empty());
    assertThat(part.notes())
        .last()
        .isEqualTo(
            "the shapes of \"word_embedding\", \"rnnlm/softmax_w\", \"rnnlm/softmax_b\" allow the"
                + " model [word_embedding, rnn.basic_lstm_cell, rnnlm.softmax]: to take it, say"
                + " what the dense layer reads with --output steps, last-step or final-state");
    assertThat(part.left()).contains("word_embedding", "rnnlm/softmax_w");

    Imported whole = read(Optional.of(Output.LAST_STEP));
    Network network = whole.network().orElseThrow();
    assertThat(network.layers())
        .extracting(NetworkLayer::name)
        .containsExactly("word_embedding", "rnn.basic_lstm_cell", "last_step", "rnnlm.softmax");
    assertThat(whole.left()).containsExactly("learning_rate_now");
    assertThat(whole.notes())
        .last()
        .isEqualTo("rnnlm.softmax gives its sums: no activation is taken");

    Matrix vectors = Matrix.of(2, 2, table[6], table[7], table[2], table[3]); // tokens 3 and 1
    Matrix h = run(part.parts().getFirst().network(), vectors);
    Matrix logits = run(network, Matrix.of(2, 1, 3, 1));
    for (int j = 0; j < 4; j++) {
      float sum = bias[j];
      for (int u = 0; u < 3; u++) {
        sum += h.get(1, u) * kernel[u * 4 + j];
      }
      assertThat(logits.get(0, j)).isCloseTo(sum, within(1e-6f));
    }
  }

  @Test
  void cellsWithNothingBesideThemAreWhole() throws IOException {
    addCell();
    assertThat(read(Optional.empty()).network()).isPresent();
    assertRefused();
  }

  @Test
  void whatDoesNotFitAloneIsNotPlaced() throws IOException {
    addCell();
    add("dense/kernel", 3, 4);
    add("dense/bias", 4);
    assertThat(read(Optional.of(Output.STEPS)).network().orElseThrow().layers()).hasSize(2);
    add("other/bias", 4);
    assertThat(read(Optional.empty()).notes()).noneMatch(note -> note.contains("--output"));
    assertRefused();
  }

  private void assertRefused() {
    assertThatThrownBy(() -> read(Optional.of(Output.STEPS)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(
            "--output: beside one recurrent layer it holds no embedding and dense");
  }

  /** An LSTM of 2 inputs and 3 units. */
  private void addCell() {
    add(RNN + "/kernel", 5, 12);
    add(RNN + "/bias", 12);
  }

  private float[] add(String name, Integer... shape) {
    int count = List.of(shape).stream().reduce(1, Math::multiplyExact);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 7 % 11 - 5) / 8f;
    }
    variables.add(name, List.of(shape), values);
    return values;
  }

  private Imported read(Optional<Output> output) throws IOException {
    Path checkpoint = variables.write(folder.resolve("model.ckpt"));
    ImportOptions options =
        new ImportOptions(
            Optional.empty(),
            Optional.empty(),
            new StateDictOptions(Optional.empty(), output),
            Optional.empty(),
            Optional.empty());
    return Importer.read(checkpoint, options);
  }

  private static Matrix run(Network network, Matrix input) {
    try (Backend backend = Backend.create(1)) {
      return NetworkRun.of(backend, network, input, 2, Map.of(), 2).output();
    }
  }
}
