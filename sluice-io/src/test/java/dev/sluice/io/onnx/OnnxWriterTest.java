package dev.sluice.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.ResidualCell;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.tape.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ONNX cannot say, and what does not depend on what ONNX Runtime makes of it. */
class OnnxWriterTest {
  private static final String ADVICE = "; keep such a model as safetensors";

  @TempDir private Path folder;

  private static OnnxNetwork model(Set<Port> ports, NetworkLayer... layers) {
    Network network = new Network(2, List.of(layers));
    network.parameters().initialize(RandomKey.of(7));
    return new OnnxNetwork(network, Layout.TIME_MAJOR, ports);
  }

  private static RecurrentLayer rnn(boolean bidirectional, Cell... cells) {
    return RecurrentLayer.of(new Recurrent("rnn", List.of(cells), bidirectional, 0));
  }

  private void assertRefused(String message, Set<Port> ports, NetworkLayer... layers) {
    Path file = folder.resolve("refused.onnx");
    assertThatThrownBy(() -> OnnxWriter.write(file, model(ports, layers)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(file).doesNotExist();
  }

  private void assertRefused(String what, LstmVariant variant) {
    assertRefused(
        "rnn: ONNX has no operator for " + what + ADVICE,
        Set.of(),
        rnn(false, new LstmVariantCell(2, 3, variant)));
  }

  @Test
  void equalArgumentsGiveEqualBytes() throws IOException {
    for (String name : List.of("a.onnx", "b.onnx")) {
      OnnxWriter.write(folder.resolve(name), model(Set.of(), rnn(false, new LstmCell(2, 3))));
    }
    assertThat(folder.resolve("a.onnx")).hasSameBinaryContentAs(folder.resolve("b.onnx"));
    assertThat(Files.size(folder.resolve("a.onnx"))).isLessThan(1000);
  }

  @Test
  void cellsWithoutAnOperatorAreRefused() {
    assertRefused("an LSTM with a projection", LstmVariant.PLAIN.withProjection(2));
    assertRefused("an LSTM that clips its c", LstmVariant.PLAIN.withCellClip(3));
    assertRefused(
        "an LSTM whose input gate is 1 minus its forget gate",
        LstmVariant.PLAIN.withCoupling(Coupling.INPUT_FROM_FORGET));
    assertRefused(
        "activations whose inputs are clipped to different limits",
        LstmVariant.PLAIN.withActivations(
            Activation.SIGMOID, Activation.TANH.withInputLimit(1), Activation.TANH));
    assertRefused(
        "rnn: ONNX has no operator for a cell of the kind LayerNormLSTM" + ADVICE,
        Set.of(),
        rnn(false, new LayerNormLstmCell(2, 3, 1)));
    assertRefused(
        "rnn: ONNX has no operator for a cell of the kind Residual(GRU)" + ADVICE,
        Set.of(),
        rnn(false, new ResidualCell(new GruCell(2, 2))));
  }

  @Test
  void directionsThatDifferAreRefused() {
    assertRefused(
        "rnn: ONNX has no operator for directions that differ in more than their activations"
            + ADVICE,
        Set.of(),
        rnn(true, new GruCell(2, 3), new GruCell(2, 3, false, true)));
  }

  @Test
  void statesOfLayersOfDifferentSizesAreRefused() {
    assertRefused(
        "rnn: its layers have different sizes, so their states are no one input or output; make"
            + " them layers of their own",
        Set.of(Port.FINAL_STATES),
        rnn(false, new LstmCell(2, 3), new LstmCell(3, 4)));
  }

  @Test
  void activationsWithoutAnOperatorAreRefused() {
    assertRefused(
        "scaled: ONNX has no operator for Activation[kind=SCALED_TANH, alpha=2.0, beta=1.0,"
            + " inputLimit=Infinity]"
            + ADVICE,
        Set.of(),
        new ActivationLayer("scaled", Activation.scaledTanh(2, 1)));
  }

  @Test
  void masksNeedLengths() {
    String advice =
        ": ONNX has no masks; export with lengths, and run with the number of real steps of each"
            + " sequence";
    assertRefused("masking" + advice, Set.of(), new MaskingLayer("masking", 0));
  }

  @Test
  void whatOnnxDoesOtherwiseIsRefused() {
    Recurrent both = rnn(true, new GruCell(2, 3), new GruCell(2, 3)).recurrent();
    assertRefused(
        "rnn: ONNX has no operator for two directions that are both turned round" + ADVICE,
        Set.of(),
        new RecurrentLayer(both, MergeMode.CONCAT, Reading.REVERSE, Fill.ZERO, true));
    assertRefused(
        "rnn: ONNX has no operator for outputs that are repeated at steps that are not real"
            + ADVICE,
        Set.of(Port.LENGTHS),
        new RecurrentLayer(both, MergeMode.CONCAT, Reading.FORWARD, Fill.REPEAT, true));
  }
}
