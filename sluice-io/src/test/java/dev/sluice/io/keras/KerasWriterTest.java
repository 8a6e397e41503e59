package dev.sluice.io.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what was read; and networks that come from elsewhere compute the same in Keras's form. */
class KerasWriterTest {
  private static final List<Integer> SHAPE = List.of(2, 4, 3);

  @TempDir private Path folder;

  static Stream<String> chains() {
    return KerasFiles.CHAINS.keySet().stream().sorted();
  }

  /** Those without the hard_sigmoid that Keras 3 does not have any more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudnn.h5",
        "tf_keras_sequential.h5",
        "keras3_functional.keras",
        "keras3_deep.weights.h5"
      })
  void aModelComesBackAsItWas(String name) throws IOException {
    Network network = KerasFiles.network(KerasFiles.file(name));
    Path file = folder.resolve("model.keras");
    KerasWriter.writeModel(file, network);
    KerasContents contents = KerasReader.read(file);
    Network back = contents.network().orElseThrow();
    assertThat(contents.notes()).isEmpty();
    assertThat(back.layers()).isEqualTo(network.layers());
    assertSameWeights(KerasFiles.weights(back), KerasFiles.weights(network));

    Path again = folder.resolve("again.keras");
    KerasWriter.writeModel(again, back);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @ParameterizedTest
  @MethodSource("chains")
  void weightsComeBackAsTheyWere(String name) throws IOException {
    Network network = KerasFiles.network(KerasFiles.file(name));
    Path file = folder.resolve("weights.h5");
    KerasWriter.writeWeights(file, network);
    KerasContents contents = KerasReader.read(file);
    Map<String, float[]> back = new LinkedHashMap<>();
    contents.network().ifPresent(whole -> back.putAll(KerasFiles.weights(whole)));
    contents.parts().forEach(part -> back.putAll(KerasFiles.weights(part.network())));
    assertSameWeights(back, KerasFiles.weights(network));
    assertThat(contents.others()).isEmpty();
  }

  /** Two biases are added, a stack is taken apart, a last step becomes return_sequences=False. */
  @Test
  void aStackComputesTheSame() throws IOException {
    Cell first = new LstmVariantCell(3, 4, LstmVariant.TF1);
    Recurrent stack = new Recurrent("encoder", List.of(first, new LstmCell(4, 5)), false, 0.5f);
    Recurrent both = Recurrent.of("both", 5, 2, true, 0, inputs -> new GruCell(inputs, 2));
    Network network =
        network(
            RecurrentLayer.of(stack),
            RecurrentLayer.of(both),
            RecurrentLayer.of(new Recurrent("last", new GruCell(4, 3))),
            new LastStepLayer("last_step"),
            new DenseLayer(new Dense("dense", 3, 2)));
    Path file = folder.resolve("model.keras");
    KerasWriter.writeModel(file, network);
    Network back = KerasFiles.network(file);
    assertThat(back.layers())
        .extracting(NetworkLayer::name)
        .containsExactly(
            "encoder_l0",
            "encoder_l0_dropout",
            "encoder_l1",
            "both_l0",
            "both_l1",
            "last",
            "dense");
    float[] expected = KerasFiles.output(network, SHAPE, inputs());
    float[] output = KerasFiles.output(back, SHAPE, inputs());
    assertThat(output).containsExactly(expected, within(1e-6f));
  }

  /** As of the state dict of an {@code nn.LSTM} itself. */
  @Test
  void aLayerWithoutANameGetsOne() throws IOException {
    Network bare = network(RecurrentLayer.of(new Recurrent("", new LstmCell(3, 4))));
    Path file = folder.resolve("model.keras");
    KerasWriter.writeModel(file, bare);
    Network back = KerasFiles.network(file);
    assertThat(back.layers()).extracting(NetworkLayer::name).containsExactly("rnn");
    assertThat(KerasFiles.output(back, SHAPE, inputs()))
        .containsExactly(KerasFiles.output(bare, SHAPE, inputs()), within(1e-6f));
  }

  @Test
  void whatKerasDoesNotHaveIsRefused() {
    Path file = folder.resolve("model.keras");
    Network old = KerasFiles.network(KerasFiles.file("keras2_weights.h5"));
    assertThatThrownBy(() -> KerasWriter.writeModel(file, old))
        .hasMessageStartingWith("bidirectional_1: Keras 3 does not have the activation")
        .hasMessageEndingWith("; its weights can be written alone, as .h5");
    Cell peepholes = new LstmVariantCell(3, 2, LstmVariant.PLAIN.withPeepholes());
    Network variant = network(RecurrentLayer.of(new Recurrent("lstm", peepholes)));
    assertThatThrownBy(() -> KerasWriter.writeWeights(file, variant))
        .hasMessage(
            "lstm: Keras's LSTM has no peepholes, coupled gates, projection or clipping, and one"
                + " activation for candidate and output");
    Network slash = network(RecurrentLayer.of(new Recurrent("a/b", new GruCell(3, 2))));
    assertThatThrownBy(() -> KerasWriter.writeModel(file, slash))
        .hasMessage("a/b: in the names of Keras's layers is no slash");
    assertThat(Files.exists(file)).isFalse();
  }

  private static float[] inputs() {
    float[] x = new float[2 * 4 * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7 % 11 - 5) / 5f;
    }
    return x;
  }

  private static Network network(NetworkLayer... layers) {
    Network network = new Network(3, List.of(layers));
    network.parameters().initialize(new RandomKey(5));
    return network;
  }

  private static void assertSameWeights(
      Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
  }
}
