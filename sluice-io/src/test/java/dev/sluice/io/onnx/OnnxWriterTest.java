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
import dev.sluice.io.onnx.OnnxChain.Layout;
import dev.sluice.io.onnx.OnnxChain.Port;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
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

  private static OnnxChain chain(Set<Port> ports, OnnxStep... steps) {
    Parameters parameters = new Parameters(OnnxChain.parameters(List.of(steps)));
    parameters.initialize(RandomKey.of(7));
    return new OnnxChain(Layout.TIME_MAJOR, ports, List.of(steps), parameters);
  }

  private static OnnxStep recur(boolean bidirectional, Cell... cells) {
    return new OnnxStep.Recur(new Recurrent("rnn", List.of(cells), bidirectional, 0), false, true);
  }

  private void assertRefused(String message, OnnxStep... steps) {
    Path file = folder.resolve("refused.onnx");
    assertThatThrownBy(() -> OnnxWriter.write(file, chain(Set.of(), steps)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(file).doesNotExist();
  }

  private void assertRefused(String what, LstmVariant variant) {
    assertRefused(
        "rnn: ONNX has no operator for " + what + ADVICE,
        recur(false, new LstmVariantCell(2, 3, variant)));
  }

  @Test
  void equalArgumentsGiveEqualBytes() throws IOException {
    for (String name : List.of("a.onnx", "b.onnx")) {
      OnnxWriter.write(folder.resolve(name), chain(Set.of(), recur(false, new LstmCell(2, 3))));
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
        recur(false, new LayerNormLstmCell(2, 3, 1)));
    assertRefused(
        "rnn: ONNX has no operator for a cell of the kind Residual(GRU)" + ADVICE,
        recur(false, new ResidualCell(new GruCell(3, 3))));
  }

  @Test
  void directionsThatDifferAreRefused() {
    assertRefused(
        "rnn: ONNX has no operator for directions that differ in more than their activations"
            + ADVICE,
        recur(true, new GruCell(2, 3), new GruCell(2, 3, false, true)));
  }

  @Test
  void statesOfLayersOfDifferentSizesAreRefused() {
    OnnxStep step = recur(false, new LstmCell(2, 3), new LstmCell(3, 4));
    assertThatThrownBy(
            () ->
                OnnxWriter.write(
                    folder.resolve("refused.onnx"), chain(Set.of(Port.FINAL_STATES), step)))
        .hasMessage(
            "rnn: its layers have different sizes, so their states are no one input or output;"
                + " make them steps of their own");
  }

  @Test
  void activationsWithoutAnOperatorAreRefused() {
    assertThatThrownBy(
            () ->
                OnnxWriter.write(
                    folder.resolve("refused.onnx"),
                    chain(
                        Set.of(),
                        recur(false, new LstmCell(2, 3)),
                        new OnnxStep.Activate(Activation.clip(1)))))
        .hasMessageStartingWith("an activation layer: ONNX has no operator for Activation[");
  }

  @Test
  void aChainNeedsWeights() {
    assertRefused(
        "an ONNX model needs a step with weights, an embedding, a recurrent or a dense layer",
        new OnnxStep.Softmax(false));
  }
}
